// Unedited flights against Node's own tls: in this process, and by Node 22 and 24 where their programs are.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { alterBody } from '../../../../src/wire/engine/edits.ts';
import { runClientHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import { clientCredential, connect, connectionOf, credentialOf, engineServer, outcomeOf, pki } from '../engine-peers.ts';

const identity = pki.server();
const client = pki.client('of node');

/** A server of Node that answers what it reads. */
async function nodeServer(options: tls.TlsOptions = {}): Promise<{ readonly port: number; readonly codes: string[] }> {
  const codes: string[] = [];
  const server = tls.createServer({ key: identity.keyPem, cert: identity.chainPem, ca: pki.anchors, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(bytes));
  });
  server.on('tlsClientError', (error) => codes.push(String(Object(error).code)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { port, codes };
}

test.for<[what: string, server: tls.TlsOptions]>([
  ['a full handshake', {}],
  ['a HelloRetryRequest', { ecdhCurve: 'P-384' }],
  ['a client certificate', { requestCert: true, rejectUnauthorized: true }],
  ['AES-128', { ciphers: 'TLS_AES_128_GCM_SHA256' }],
  ['ChaCha20', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }],
])('a server of Node accepts the client: %s, and resumed', async ([, options]) => {
  const { port, codes } = await nodeServer(options);
  const own = { version: 'TLSv1.3', credential: clientCredential, servername: 'localhost' } as const;
  const connection = await runClientHandshake(connect(port), own);
  await connection.write(Buffer.from('first'));
  expect(String(await connection.read())).toBe('first');
  await connection.updateKeys({ request: true });
  await connection.write(Buffer.from('with new keys'));
  expect(String(await connection.read())).toBe('with new keys');
  await connection.close();
  const { session } = connection;
  if (!session) throw new TypeError('no ticket came');

  const again = await runClientHandshake(connect(port), { ...own, session });
  await again.write(Buffer.from('second'));
  expect(String(await again.read())).toBe('second');
  await again.close();

  expect(again.resumed).toBe(true);
  expect(codes).toEqual([]);
});

test.for(['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] as const)(
  'a server of Node accepts a client with a key of %s, and the client its own',
  async (keyAlgorithm) => {
    const own = pki.server({ keyAlgorithm });
    const { port } = await nodeServer({ key: own.keyPem, cert: own.chainPem, requestCert: true, rejectUnauthorized: true });
    const connection = await runClientHandshake(connect(port), {
      version: 'TLSv1.3',
      credential: credentialOf(pki.client('any', { keyAlgorithm })),
    });
    await connection.write(Buffer.from('x'));

    expect(String(await connection.read())).toBe('x');
    await connection.close();
  },
);

test('a server of Node refuses a client without a certificate', async () => {
  const { port, codes } = await nodeServer({ requestCert: true, rejectUnauthorized: true });
  const connection = connectionOf(await outcomeOf(runClientHandshake(connect(port), { version: 'TLSv1.3' })));

  await expect(connection.read()).rejects.toMatchObject({ end: { kind: 'refused', alert: { name: 'certificate_required' } } });
  expect(codes).toEqual(['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE']);
});

test.for<[what: string, server: Parameters<typeof engineServer>[0], options: tls.ConnectionOptions]>([
  ['a full handshake', {}, {}],
  ['a HelloRetryRequest with a cookie', { helloRetry: true }, {}],
  ['a HelloRetryRequest for a group', { helloRetry: 'group' }, {}],
  ['a client certificate', { requestCertificate: true }, { key: client.keyPem, cert: client.chainPem }],
  ['AES-128', { cipherSuites: ['TLS_AES_128_GCM_SHA256'] }, {}],
  ['ChaCha20', { cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] }, {}],
])('a client of Node accepts the server: %s, and resumed', async ([, options, own]) => {
  await using server = await engineServer({ tickets: true, ...options });
  let session: Buffer | undefined;
  for (const isReused of [false, true]) {
    const socket = tls.connect({ port: server.port, ca: pki.anchors, servername: 'localhost', ...own, ...(session && { session }) });
    socket.on('session', (ticket) => (session = ticket));
    await once(socket, 'secureConnect');
    socket.write('ping');
    const [answer] = await once(socket, 'data');

    expect(String(answer)).toBe('ping');
    expect(socket.isSessionReused()).toBe(isReused);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.end();
    await once(socket, 'close');
  }
  expect(server.ends.map((end) => 'kind' in end)).toEqual([false, false]);
});

test('a client of Node refuses a server with a wrong Finished by an alert', async () => {
  await using server = await engineServer({ edits: { server: alterBody('finished', (body) => body.fill(1)) } });
  const socket = tls.connect({ port: server.port, ca: pki.anchors, servername: 'localhost' });
  const [error] = await once(socket, 'error');
  await expect.poll(() => server.ends.length).toBe(1);

  expect(Object(error).code).toBe('ERR_SSL_DIGEST_CHECK_FAILED');
  expect(server.ends).toEqual([{ kind: 'refused', alert: { name: 'decrypt_error', code: 51, sentBy: 'client' }, step: 'client finished' }]);
});
