// What a server of the engine says of a client that breaks the rules: the kind, the alert and the step.
import { expect, test } from 'vitest';
import {
  alterBody,
  change,
  fragment,
  insertAfter,
  inOrder,
  insertBefore,
  leaveOut,
  moveBefore,
  repeat,
  signAs,
  swap,
} from '../../../../src/wire/engine/edits.ts';
import type { EngineConnection } from '../../../../src/wire/engine/engine-connection.ts';
import type { FlightMessage } from '../../../../src/wire/engine/flight.ts';
import type { PeerCheck } from '../../../../src/wire/engine/peer-check.ts';
import type { ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { clientCredential, connectionOf, endOf, handshakeOf } from '../engine-peers.ts';
import type { FlightFault } from './flight-fault.ts';

const keyUpdate: FlightMessage = { name: 'key_update', body: () => Uint8Array.of(0) };
const data: FlightMessage = { name: 'application_data', body: () => Buffer.from('data') };

test('the control: the same flights unedited complete', async () => {
  const { client, server } = await handshakeOf({}, { requestCertificate: true, helloRetry: true });

  expect(connectionOf(server).peerCertificates).toEqual(clientCredential.certificates);
  expect(connectionOf(client).resumed).toBe(false);
});

const ofClients: Readonly<Record<string, FlightFault & { readonly options?: Partial<ServerOptions> }>> = {
  'no CertificateVerify': {
    edits: { client: leaveOut('certificate_verify') },
    alert: 'unexpected_message',
    step: 'client certificate_verify',
    check: 'certificate-verify-required',
  },
  'no Certificate': { edits: { client: leaveOut('certificate') }, alert: 'unexpected_message', step: 'client certificate' },
  'no Finished, and data': {
    edits: { client: (messages) => [...messages.filter(({ name }) => name !== 'finished'), { ...data, keys: 'handshake' }] },
    alert: 'unexpected_message',
    step: 'client finished',
    check: 'finished-required',
  },
  'Finished first': { edits: { client: moveBefore('finished', 'certificate') }, alert: 'unexpected_message', step: 'client certificate' },
  'CertificateVerify before Certificate': {
    edits: { client: swap('certificate', 'certificate_verify') },
    alert: 'unexpected_message',
    step: 'client certificate',
  },
  'two Certificates': {
    edits: { client: repeat('certificate') },
    alert: 'unexpected_message',
    step: 'client certificate_verify',
    check: 'message-order',
  },
  'a wrong Finished': {
    edits: { client: alterBody('finished', (body) => body.fill(1)) },
    alert: 'decrypt_error',
    step: 'client finished',
    check: 'finished-mac',
  },
  'a signature of another kind': {
    edits: { client: signAs({ hash: 'sha384' }) },
    alert: 'decrypt_error',
    step: 'client certificate_verify',
    check: 'certificate-verify-signature',
  },
  'the signature of a server': {
    edits: { client: signAs({ content: (content) => Buffer.from(content.toString('latin1').replace('client', 'server'), 'latin1') }) },
    alert: 'decrypt_error',
    step: 'client certificate_verify',
    check: 'signature-context',
  },
  'a scheme that was not offered': {
    edits: { client: signAs({ written: 0x0203 }) },
    alert: 'illegal_parameter',
    step: 'client certificate_verify',
  },
  'a scheme of another key': {
    edits: { client: signAs({ written: 'ecdsa_secp384r1_sha384' }) },
    alert: 'illegal_parameter',
    step: 'client certificate_verify',
  },
  'an empty Certificate': {
    edits: {
      client: inOrder(
        leaveOut('certificate_verify'),
        alterBody('certificate', () => Buffer.alloc(4)),
      ),
    },
    alert: 'certificate_required',
    step: 'client certificate',
    check: 'certificate-required',
  },
  'the context of another request': {
    edits: { client: alterBody('certificate', (body) => Buffer.concat([Uint8Array.of(1, 7), body.subarray(1)])) },
    alert: 'illegal_parameter',
    step: 'client certificate',
    check: 'certificate-context',
  },
  'a list that is longer than its message': {
    edits: { client: alterBody('certificate', (body) => body.fill(0xff, 2, 4)) },
    alert: 'decode_error',
    step: 'client certificate',
  },
  'an octet after Finished': {
    edits: { client: alterBody('finished', (body) => Buffer.concat([body, Uint8Array.of(0)])) },
    alert: 'decode_error',
    step: 'client finished',
  },
  'a KeyUpdate within the handshake': {
    edits: { client: insertBefore('finished', keyUpdate) },
    alert: 'unexpected_message',
    step: 'client finished',
  },
  'an end of early data that it never sent': {
    edits: { client: insertBefore('finished', { name: 'end_of_early_data', body: () => new Uint8Array(0) }) },
    alert: 'unexpected_message',
    step: 'client finished',
    check: 'unexpected-message',
  },
  'data within the handshake': {
    edits: { client: insertBefore('certificate', data) },
    alert: 'unexpected_message',
    step: 'client certificate',
  },
  'a message that goes on under other keys': {
    edits: { client: insertAfter('finished', { ...keyUpdate, joined: true }) },
    alert: 'unexpected_message',
    step: 'client finished',
    check: 'key-boundary',
  },
  'an empty record': {
    edits: { client: fragment('certificate', [0]) },
    alert: 'unexpected_message',
    step: 'client certificate',
    check: 'empty-record',
  },
  'a certificate in the clear': {
    edits: { client: change('certificate', () => ({ keys: 'none' })) },
    alert: 'unexpected_message',
    step: 'client certificate',
  },
  'a malformed change_cipher_spec': {
    edits: { client: alterBody('change_cipher_spec', () => Uint8Array.of(2)) },
    alert: 'unexpected_message',
    step: 'client certificate',
    check: 'change-cipher-spec',
  },
  'a record of an unknown type': {
    edits: { client: change('certificate', () => ({ record: { type: 99 } })) },
    alert: 'unexpected_message',
    step: 'client certificate',
  },
  'an offer of TLS 1.2 alone': {
    edits: {
      hello: alterBody('client_hello', (body) => Buffer.from(body.toString('hex').replace('002b0003020304', '002b0003020303'), 'hex')),
    },
    alert: 'protocol_version',
    step: 'client client_hello',
    check: 'hello-version',
  },
  'a second hello that is not the first': {
    edits: { 'second-hello': alterBody('client_hello', (body) => body.fill(9, 2, 10)) },
    options: { helloRetry: true },
    alert: 'illegal_parameter',
    step: 'client client_hello',
    check: 'second-hello',
  },
};

test.for(Object.entries(ofClients))('a server refuses a client for %s, and says where', async ([, row]) => {
  const { client, server } = await handshakeOf({ edits: row.edits }, { requestCertificate: true, timeout: 2000, ...row.options });

  expect(server).toMatchObject({ kind: 'wrong-answer', alert: row.alert, step: row.step });
  const atClient = 'kind' in client ? client : await endOf(readAll(client)); // its own part was complete before the server refused
  expect(atClient).toMatchObject({ kind: 'refused', alert: { name: row.alert, sentBy: 'server' } });
});

test.for(Object.entries(ofClients).filter(([, { check }]) => check !== undefined))(
  'a server that leaves the check out does not refuse %s',
  async ([, { edits, options, check }]) => {
    const skipped = new Set<PeerCheck>(check ? [check] : []);
    const { server } = await handshakeOf({ edits }, { requestCertificate: true, timeout: 2000, skipped, ...options });

    expect(connectionOf(server).version).toBe('TLSv1.3');
  },
);

/** Reads until the connection ends. */
async function readAll(connection: EngineConnection): Promise<void> {
  while (await connection.read());
}
