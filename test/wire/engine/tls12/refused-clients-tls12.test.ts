import { describe, expect, test } from 'vitest';
import { alterBody, insertAfter, leaveOut, moveBefore, repeat, signAs, swap } from '../../../../src/wire/engine/edits.ts';
import { client, corruptLast, type Fault, longer, open, other, pki, server } from './flight-faults.ts';
import { between, credentialOf } from '../engine-peers.ts';

const rsa = credentialOf(pki.client('alice', { keyAlgorithm: 'rsa-2048' }));

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
