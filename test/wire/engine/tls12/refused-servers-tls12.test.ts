import { describe, expect, test } from 'vitest';
import { alterBody, leaveOut, repeat, signAs } from '../../../../src/wire/engine/edits.ts';
import { client, corruptLast, type Fault, longer, open, other, replaced, server } from './flight-faults.ts';
import { between, endOf } from '../engine-peers.ts';

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
