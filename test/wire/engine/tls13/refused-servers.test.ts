// What a client of the engine says of a server that breaks the rules: the kind, the alert and the step.
import { expect, test } from 'vitest';
import { alterBody, leaveOut, repeat, signAs } from '../../../../src/wire/engine/edits.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { connectionOf, handshakeOf } from '../engine-peers.ts';
import type { FlightFault } from './flight-fault.ts';

test('the control: a server that keeps the rules is not refused', async () => {
  const { client, server } = await handshakeOf({ timeout: 2000 }, { timeout: 2000 });

  expect(connectionOf(client).version).toBe('TLSv1.3');
  expect(connectionOf(server).version).toBe('TLSv1.3');
});

const ofServers: Readonly<
  Record<string, FlightFault & { readonly options?: Partial<ClientOptions>; readonly server?: Partial<ServerOptions> }>
> = {
  'no CertificateVerify': {
    edits: { server: leaveOut('certificate_verify') },
    alert: 'unexpected_message',
    step: 'server certificate_verify',
    check: 'certificate-verify-required',
  },
  'no Certificate': {
    edits: { server: (messages) => messages.filter(({ name }) => name !== 'certificate' && name !== 'certificate_verify') },
    alert: 'unexpected_message',
    step: 'server certificate',
  },
  'a wrong Finished': {
    edits: { server: alterBody('finished', (body) => body.fill(1)) },
    alert: 'decrypt_error',
    step: 'server finished',
    check: 'finished-mac',
  },
  'a wrong signature': {
    edits: { server: signAs({ hash: 'sha512' }) },
    alert: 'decrypt_error',
    step: 'server certificate_verify',
    check: 'certificate-verify-signature',
  },
  'an empty Certificate': {
    edits: { server: alterBody('certificate', () => Buffer.alloc(4)) },
    alert: 'decode_error',
    step: 'server certificate',
  },
  'EncryptedExtensions twice': {
    edits: { server: repeat('encrypted_extensions') },
    alert: 'unexpected_message',
    step: 'server certificate',
  },
  'an extension that was not offered': {
    edits: { server: alterBody('encrypted_extensions', () => Buffer.from('00040015 0000'.replace(' ', ''), 'hex')) },
    alert: 'unsupported_extension',
    step: 'server encrypted_extensions',
    check: 'unsolicited-extension',
  },
  'a suite that was not offered': {
    edits: { server: alterBody('server_hello', (body) => body.fill(4, 68, 69).fill(0x13, 67, 68)) },
    options: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    alert: 'illegal_parameter',
    step: 'server server_hello',
  },
  'another session id': {
    edits: { server: alterBody('server_hello', (body) => body.fill(0, 35, 67)) },
    alert: 'illegal_parameter',
    step: 'server server_hello',
    check: 'hello-session-id',
  },
  'a key share that is not one': {
    edits: { server: alterBody('server_hello', (body) => body.fill(0, body.length - 32)) },
    alert: 'illegal_parameter',
    step: 'server server_hello',
  },
  'two HelloRetryRequests': {
    edits: {
      server: (messages, { sent }) => [
        { name: 'hello_retry_request', body: () => sent('hello_retry_request') ?? Buffer.alloc(0) },
        ...messages,
      ],
    },
    server: { helloRetry: true },
    alert: 'unexpected_message',
    step: 'server server_hello',
  },
};

test.for(Object.entries(ofServers))('a client refuses a server for %s, and says where', async ([, row]) => {
  const { client, server } = await handshakeOf({ timeout: 2000, ...row.options }, { edits: row.edits, timeout: 2000, ...row.server });

  expect(client).toMatchObject({ kind: 'wrong-answer', alert: row.alert, step: row.step });
  expect(server).toMatchObject({ kind: 'refused', alert: { name: row.alert, sentBy: 'client' } });
});
