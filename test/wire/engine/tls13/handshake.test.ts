// Unedited flights, between two engines: what both sides agree on, and what they do after the handshake.
import { generateKeyPairSync } from 'node:crypto';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import type { KeyAlgorithm } from '../../../../src/index.ts';
import { leaveOut } from '../../../../src/wire/engine/edits.ts';
import type { SignatureScheme } from '../../../../src/wire/registry/names.ts';
import { clientCredential, connectionOf, credentialOf, handshakeOf, pki, serverCredential } from '../engine-peers.ts';

const [leaf] = clientCredential.certificates;

test('a client with a certificate and a server that requires one agree, and exchange data both ways', async () => {
  const { client, server } = await handshakeOf({}, { requestCertificate: true });
  const [ofClient, ofServer] = [connectionOf(client), connectionOf(server)];

  await ofClient.write(Buffer.from('question'));
  expect(String(await ofServer.read())).toBe('question');
  await ofServer.write(Buffer.from('answer'));
  expect(String(await ofClient.read())).toBe('answer');

  expect(ofServer.agreed).toEqual({ cipherSuite: 'TLS_AES_256_GCM_SHA384', group: 'x25519', resumed: false });
  expect(ofClient.agreed).toEqual(ofServer.agreed);
  expect(ofServer.peerCertificates[0]).toEqual(leaf);
  expect(ofClient.peerCertificates).toEqual(serverCredential.certificates);
  await ofClient.close();
  expect(await ofServer.read()).toBeUndefined();
});

test.for(['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'])(
  '%s protects the records',
  async (cipherSuite) => {
    const { client, server } = await handshakeOf({ cipherSuites: [cipherSuite] });
    await connectionOf(client).write(Buffer.alloc(40_000, 7));
    let read = 0;
    while (read < 40_000) read += (await connectionOf(server).read())?.length ?? 40_000;

    expect(connectionOf(server).cipherSuite).toBe(cipherSuite);
    expect(read).toBe(40_000);
  },
);

test.for(['x25519', 'secp256r1', 'x448', 'secp384r1', 'secp521r1'])('the group %s gives both sides the same secret', async (group) => {
  const { client, server } = await handshakeOf({ groups: [group] });

  expect(connectionOf(client).agreed.group).toBe(group);
  expect(connectionOf(server).agreed.group).toBe(group);
});

test.for<[keyAlgorithm: KeyAlgorithm, schemes: SignatureScheme[]]>([
  ['ec-p256', ['ecdsa_secp256r1_sha256']],
  ['ec-p384', ['ecdsa_secp384r1_sha384']],
  ['ec-p521', ['ecdsa_secp521r1_sha512']],
  ['ed25519', ['ed25519']],
  ['rsa-2048', ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512']],
  ['rsa-pss-2048', ['rsa_pss_pss_sha256']],
])('a key of %s proves itself by each of its schemes', async ([keyAlgorithm, schemes]) => {
  const credential = credentialOf(pki.client(`by ${keyAlgorithm}`, { keyAlgorithm }));
  for (const scheme of schemes) {
    const { server } = await handshakeOf(
      { credential, signatureSchemes: [scheme, 'ecdsa_secp256r1_sha256'] },
      { requestCertificate: true },
    );
    expect(connectionOf(server).peerCertificates).toEqual(credential.certificates);
  }
});

test('a key of Ed448 proves itself', async () => {
  const { privateKey } = generateKeyPairSync('ed448');
  const credential = credentialOf(pki.client('by ed448', { key: privateKey }));
  const { server } = await handshakeOf({ credential }, { requestCertificate: true });

  expect(connectionOf(server).peerCertificates).toEqual(credential.certificates);
});

test.for([
  [true, 'x25519'],
  ['group', 'secp256r1'],
] as const)('a HelloRetryRequest (%s) is answered by a second hello', async ([helloRetry, group]) => {
  const { client, server } = await handshakeOf({}, { helloRetry, requestCertificate: true });

  expect(connectionOf(server).agreed.group).toBe(group);
  expect(connectionOf(client).agreed.group).toBe(group);
});

test.for([undefined, true, 'group'] as const)('a session is resumed with its client (HelloRetryRequest: %s)', async (helloRetry) => {
  const options = { tickets: true, requestCertificate: true, ...(helloRetry !== undefined && { helloRetry }) };
  const first = await handshakeOf({}, options);
  await connectionOf(first.server).write(Buffer.from('x'));
  await connectionOf(first.client).read();
  const { session } = connectionOf(first.client);
  if (!session) throw new TypeError('no ticket came');
  const { client, server } = await handshakeOf({ session }, options);

  expect(connectionOf(client).resumed).toBe(true);
  expect(connectionOf(server).resumed).toBe(true);
  expect(connectionOf(server).peerCertificates[0]).toEqual(leaf);
});

test('a ticket is not taken for another server name', async () => {
  const first = await handshakeOf({ servername: 'one.test' }, { tickets: true });
  await connectionOf(first.server).write(Buffer.from('x'));
  await connectionOf(first.client).read();
  const session = connectionOf(first.client).session;
  if (!session) throw new TypeError('no ticket came');
  const second = await handshakeOf({ servername: 'two.test', session }, { tickets: true });
  const control = await handshakeOf({ servername: 'one.test', session }, { tickets: true });

  expect(connectionOf(second.server).resumed).toBe(false);
  expect(connectionOf(control.server).resumed).toBe(true);
});

test('a server asks for the certificate after the handshake, and reads what came before the answer', async () => {
  const { client, server } = await handshakeOf({ postHandshakeAuth: true });
  const [ofClient, ofServer] = [connectionOf(client), connectionOf(server)];
  expect(ofServer.peerCertificates).toEqual([]);

  const asked = ofServer.requestCertificate();
  await ofClient.write(Buffer.from('before'));
  const read = ofClient.read();
  expect((await asked)[0]).toEqual(leaf);
  expect(String(await ofServer.read())).toBe('before');
  await ofServer.write(Buffer.from('after'));
  expect(String(await read)).toBe('after');
});

test('an edit of what follows the handshake changes the answer to a request, and no application data', async () => {
  const { client, server } = await handshakeOf({ postHandshakeAuth: true, edits: { 'post-handshake': leaveOut('certificate_verify') } });
  const [ofClient, ofServer] = [connectionOf(client), connectionOf(server)];
  await ofClient.write(Buffer.from('data'));
  expect(String(await ofServer.read())).toBe('data');

  const asked = ofServer.requestCertificate();
  const read = ofClient.read();

  await expect(asked).rejects.toMatchObject({
    end: { kind: 'wrong-answer', alert: 'unexpected_message', step: 'client certificate_verify' },
  });
  await expect(read).rejects.toMatchObject({ end: { kind: 'refused', alert: { name: 'unexpected_message' } } });
});

test('both sides change their keys, by themselves and when they are asked to', async () => {
  const { client, server } = await handshakeOf();
  const [ofClient, ofServer] = [connectionOf(client), connectionOf(server)];
  for (const [from, to] of [
    [ofClient, ofServer],
    [ofServer, ofClient],
  ] as const) {
    await from.updateKeys({ request: true });
    await from.updateKeys();
    await from.write(Buffer.from('new keys'));
    expect(String(await to.read())).toBe('new keys');
    await to.write(Buffer.from('newer keys'));
    expect(String(await from.read())).toBe('newer keys');
  }
});

test.for(['zlib', 'brotli', ...('zstdCompressSync' in zlib ? (['zstd'] as const) : [])] as const)(
  'certificates travel compressed by %s where both sides know it',
  async (algorithm) => {
    const names: string[] = [];
    const { server } = await handshakeOf(
      {
        certificateCompression: [algorithm],
        edits: {
          client: (messages) => {
            names.push(...messages.map(({ name }) => name));
            return messages;
          },
        },
      },
      { certificateCompression: [algorithm], requestCertificate: true },
    );

    expect(names).toEqual(['change_cipher_spec', 'compressed_certificate', 'certificate_verify', 'finished']);
    expect(connectionOf(server).peerCertificates[0]).toEqual(leaf);
  },
);

test('a protocol that both sides know is agreed on', async () => {
  const { client, server } = await handshakeOf({ alpnProtocols: ['h2', 'http/1.1'] }, { alpnProtocols: ['http/1.1'] });

  expect(connectionOf(client).agreed.alpnProtocol).toBe('http/1.1');
  expect(connectionOf(server).agreed.alpnProtocol).toBe('http/1.1');
});
