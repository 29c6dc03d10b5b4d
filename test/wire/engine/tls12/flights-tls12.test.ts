import { describe, expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { alterBody, fragment, insertAfter, leaveOut, moveBefore, repeat, signAs, swap } from '../../../../src/wire/engine/edits.ts';
import type { FlightEdits } from '../../../../src/wire/engine/flight.ts';
import type { PeerCheck } from '../../../../src/wire/engine/peer-check.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import type { AlertName } from '../../../../src/wire/records/alerts.ts';
import { between, credentialOf, endOf } from './peers.ts';

const pki = createPki({ name: 'engine' });
const other = credentialOf(createPki({ name: 'other' }).client('alice'));
const rsa = credentialOf(pki.client('alice', { keyAlgorithm: 'rsa-2048' }));
const client: ClientOptions = { version: 'TLSv1.2', credential: credentialOf(pki.client('alice')), servername: 'localhost', timeout: 2000 };
const server: ServerOptions = { version: 'TLSv1.2', credential: credentialOf(pki.server()), requestCertificate: true, timeout: 2000 };
const open = { version: 'TLSv1.2' };

/** One fault of a flight, and the answer of RFC 5246; `unless` are the checks without which a peer does not find it. */
interface Fault {
  readonly name: string;
  readonly edits: FlightEdits;
  readonly alert: AlertName;
  readonly step: string;
  readonly unless?: readonly PeerCheck[];
}

const corruptLast = (body: Buffer): Buffer => Buffer.concat([body.subarray(0, -1), Buffer.of((body.at(-1) ?? 0) ^ 1)]);
const longer = (body: Buffer): Buffer => Buffer.concat([body, Buffer.of(0)]);

const clientFaults: readonly Fault[] = [
  { name: 'no Certificate', edits: { client: leaveOut('certificate') }, alert: 'unexpected_message', step: 'client certificate' },
  {
    name: 'an empty Certificate',
    edits: {
      client: (messages, context) =>
        alterBody('certificate', () => Buffer.alloc(3))(leaveOut('certificate_verify')(messages, context), context),
    },
    alert: 'handshake_failure',
    step: 'client certificate',
    unless: ['certificate-required'],
  },
  {
    name: 'no CertificateVerify',
    edits: { client: leaveOut('certificate_verify') },
    alert: 'unexpected_message',
    step: 'client certificate_verify',
    unless: ['certificate-verify-required'],
  },
  {
    name: 'a corrupt signature',
    edits: { client: alterBody('certificate_verify', corruptLast) },
    alert: 'decrypt_error',
    step: 'client certificate_verify',
    unless: ['certificate-verify-signature'],
  },
  {
    name: "the signature of another client's key",
    edits: { client: signAs({ key: other.privateKey }) },
    alert: 'decrypt_error',
    step: 'client certificate_verify',
    unless: ['certificate-verify-signature'],
  },
  {
    name: 'a signature over an earlier transcript',
    edits: { client: signAs({ content: (content) => content.subarray(0, 4 + content.readUIntBE(1, 3)) }) },
    alert: 'decrypt_error',
    step: 'client certificate_verify',
    unless: ['certificate-verify-transcript'],
  },
  {
    name: 'a signature by RSA and a certificate with an ECDSA key',
    edits: { client: signAs({ scheme: 'rsa_pkcs1_sha256', key: rsa.privateKey }) },
    alert: 'illegal_parameter',
    step: 'client certificate_verify',
    unless: ['signature-scheme-key', 'certificate-verify-signature'],
  },
  {
    name: 'a signature with SHA-1, which the server does not ask for',
    edits: { client: signAs({ scheme: 'ecdsa_sha1' }) },
    alert: 'illegal_parameter',
    step: 'client certificate_verify',
    unless: ['signature-scheme-offered'],
  },
  {
    name: 'no ClientKeyExchange',
    edits: { client: leaveOut('client_key_exchange') },
    alert: 'unexpected_message',
    step: 'client client_key_exchange',
  },
  {
    name: 'a public key that is not on its curve',
    edits: { client: alterBody('client_key_exchange', () => Buffer.concat([Buffer.of(32), Buffer.alloc(32)])) },
    alert: 'illegal_parameter',
    step: 'client client_key_exchange',
  },
  {
    name: 'ClientKeyExchange twice',
    edits: { client: repeat('client_key_exchange') },
    alert: 'unexpected_message',
    step: 'client certificate_verify',
  },
  {
    name: 'CertificateVerify before ClientKeyExchange',
    edits: { client: swap('client_key_exchange', 'certificate_verify') },
    alert: 'unexpected_message',
    step: 'client client_key_exchange',
  },
  {
    name: 'no change_cipher_spec',
    edits: { client: leaveOut('change_cipher_spec') },
    alert: 'unexpected_message',
    step: 'client change_cipher_spec',
  },
  {
    name: 'change_cipher_spec before ClientKeyExchange (CVE-2014-0224)',
    edits: { client: moveBefore('change_cipher_spec', 'client_key_exchange') },
    alert: 'unexpected_message',
    step: 'client client_key_exchange',
  },
  {
    name: 'a malformed change_cipher_spec',
    edits: { client: alterBody('change_cipher_spec', () => Buffer.of(2)) },
    alert: 'illegal_parameter',
    step: 'client change_cipher_spec',
    unless: ['change-cipher-spec'],
  },
  {
    name: 'a corrupt Finished',
    edits: { client: alterBody('finished', corruptLast) },
    alert: 'decrypt_error',
    step: 'client finished',
    unless: ['finished-mac'],
  },
  {
    name: 'an unknown message',
    edits: { client: insertAfter('certificate', { name: 'supplemental_data', body: () => Buffer.alloc(3), outsideTranscript: false }) },
    alert: 'unexpected_message',
    step: 'client client_key_exchange',
    unless: ['unexpected-message'],
  },
  {
    name: 'a Certificate with an octet behind its end',
    edits: { client: alterBody('certificate', longer) },
    alert: 'decode_error',
    step: 'client certificate',
  },
  {
    name: 'a ClientHello with an octet behind its end',
    edits: { hello: alterBody('client_hello', longer) },
    alert: 'decode_error',
    step: 'client client_hello',
  },
];

const serverFaults: readonly Fault[] = [
  { name: 'no Certificate', edits: { server: leaveOut('certificate') }, alert: 'unexpected_message', step: 'server certificate' },
  {
    name: 'no ServerKeyExchange',
    edits: { server: leaveOut('server_key_exchange') },
    alert: 'unexpected_message',
    step: 'server server_key_exchange',
  },
  {
    name: 'a corrupt signature',
    edits: { server: alterBody('server_key_exchange', corruptLast) },
    alert: 'decrypt_error',
    step: 'server server_key_exchange',
    unless: ['certificate-verify-signature'],
  },
  {
    name: "the signature of another server's key",
    edits: { server: signAs({ key: other.privateKey }) },
    alert: 'decrypt_error',
    step: 'server server_key_exchange',
    unless: ['certificate-verify-signature'],
  },
  {
    name: 'a signature with SHA-1, which the client does not offer',
    edits: { server: signAs({ scheme: 'ecdsa_sha1' }) },
    alert: 'illegal_parameter',
    step: 'server server_key_exchange',
    unless: ['signature-scheme-offered'],
  },
  {
    name: 'a cipher suite that was not offered',
    edits: { server: alterBody('server_hello', (body) => withSuite(body, 0xc023)) },
    alert: 'illegal_parameter',
    step: 'server server_hello',
  },
  {
    name: 'TLS 1.1',
    edits: { server: alterBody('server_hello', (body) => Buffer.concat([Buffer.of(3, 2), body.subarray(2)])) },
    alert: 'protocol_version',
    step: 'server server_hello',
    unless: ['hello-version'],
  },
  {
    name: 'an extension that was not offered',
    edits: { server: alterBody('server_hello', (body) => withExtension(body, '00100003000100')) },
    alert: 'unsupported_extension',
    step: 'server server_hello',
  },
  {
    name: 'renegotiation_info of another connection',
    edits: { server: alterBody('server_hello', (body) => replaced(body, 'ff01000100', 'ff01000101')) },
    alert: 'decode_error',
    step: 'server server_hello',
  },
  {
    name: 'a ServerHelloDone with a body',
    edits: { server: alterBody('server_hello_done', longer) },
    alert: 'decode_error',
    step: 'server server_hello_done',
    unless: ['message-shape'],
  },
  {
    name: 'the Certificate twice',
    edits: { server: repeat('certificate') },
    alert: 'unexpected_message',
    step: 'server server_key_exchange',
  },
  {
    name: 'no change_cipher_spec',
    edits: { 'server-final': leaveOut('change_cipher_spec') },
    alert: 'unexpected_message',
    step: 'server change_cipher_spec',
  },
  {
    name: 'a corrupt Finished',
    edits: { 'server-final': alterBody('finished', corruptLast) },
    alert: 'decrypt_error',
    step: 'server finished',
    unless: ['finished-mac'],
  },
];

test('unedited flights complete a handshake', async () => {
  const ends = await between(client, server);

  expect(ends.client).toMatchObject({ ...open, peerCertificates: { length: 2 } });
  expect(ends.server).toMatchObject({ ...open, peerCertificates: { length: 2 } });
});

describe('a server of the engine', () => {
  test.for(clientFaults)('refuses a client that sends $name, with $alert', async ({ edits, alert, step }) => {
    const ends = await between({ ...client, edits }, server);

    expect(ends.server).toMatchObject({ kind: 'wrong-answer', alert, step });
    expect(ends.client).toMatchObject({ kind: 'refused', alert: { name: alert, sentBy: 'server' } });
  });

  test.for(clientFaults.filter(({ unless }) => unless))('that leaves its checks out takes $name', async ({ edits, unless = [] }) => {
    const ends = await between({ ...client, edits }, { ...server, skipped: new Set(unless) });

    expect(ends.server).toMatchObject(open);
  });
});

describe('a client of the engine', () => {
  test.for(serverFaults)('refuses a server that sends $name, with $alert', async ({ edits, alert, step }) => {
    const ends = await between(client, { ...server, edits });

    expect(ends.client).toMatchObject({ kind: 'wrong-answer', alert, step });
    const atServer = 'kind' in ends.server ? ends.server : await endOf(ends.server.read()); // its own part was complete before the client refused
    expect(atServer).toMatchObject({ kind: 'refused', alert: { name: alert, sentBy: 'client' } });
  });

  test.for(serverFaults.filter(({ unless }) => unless))('that leaves its checks out takes $name', async ({ edits, unless = [] }) => {
    const ends = await between({ ...client, skipped: new Set(unless) }, { ...server, edits });

    expect(ends.client).toMatchObject(open);
  });
});

describe('flights of the engine', () => {
  test.for([
    ['in records of a few octets', { client: fragment('certificate', [1, 2, 3, 4, 5]) }],
    ['in one record', { client: (messages) => messages.map((message, at) => ({ ...message, joined: at > 0 && at < 3 })) }],
  ] satisfies readonly (readonly [string, FlightEdits])[])('are read %s', async ([, edits]) => {
    const ends = await between({ ...client, edits }, server);

    expect(ends.client).toMatchObject(open);
    expect(ends.server).toMatchObject(open);
  });

  // What follows from a message is computed from the one that is sent: both ends agree on it, whatever a conforming peer would have sent.
  test.for([
    ['another random of the client', { hello: alterBody('client_hello', (body) => body.fill(7, 2, 34)) }, {}],
    ['another random of the server', {}, { server: alterBody('server_hello', (body) => body.fill(7, 2, 34)) }],
    ['no extended master secret', { hello: alterBody('client_hello', (body) => replaced(body, '00170000', 'fafa0000')) }, {}],
    ['no extended master secret, by the server', {}, { server: alterBody('server_hello', withoutExtendedMasterSecret) }],
  ] satisfies readonly (readonly [string, FlightEdits, FlightEdits])[])('agree where they hold %s', async ([, ofClient, ofServer]) => {
    const ends = await between({ ...client, edits: ofClient }, { ...server, edits: ofServer });

    expect(ends.client).toMatchObject(open);
    expect(ends.server).toMatchObject(open);
  });
});

/** After the version, the random and an empty session id. */
function withSuite(body: Buffer, suite: number): Buffer {
  body.writeUInt16BE(suite, 35);
  return body;
}

/** One more extension at the end; the length of all of them is behind the suite and the compression. */
function withExtension(body: Buffer, extension: string): Buffer {
  const added = Buffer.concat([body, Buffer.from(extension, 'hex')]);
  added.writeUInt16BE(added.length - 40, 38);
  return added;
}

function withoutExtendedMasterSecret(body: Buffer): Buffer {
  const shorter = Buffer.from(body.toString('hex').replace('00170000', ''), 'hex');
  if (shorter.length !== body.length - 4) throw new TypeError('the hello has no extended_master_secret');
  shorter.writeUInt16BE(shorter.length - 40, 38);
  return shorter;
}

function replaced(body: Buffer, from: string, to: string): Buffer {
  const changed = body.toString('hex').replace(from, to);
  if (changed === body.toString('hex')) throw new TypeError(`the message does not hold ${from}`);
  return Buffer.from(changed, 'hex');
}
