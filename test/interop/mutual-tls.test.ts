import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createPki, type Identity, type KeyAlgorithm } from '../../src/index.ts';

/** TLS 1.2 has no signature algorithms for ML-DSA. The only judge of ML-DSA here is OpenSSL 3.5 within Node. */
const algorithms: readonly (readonly [KeyAlgorithm, string, readonly tls.SecureVersion[]])[] = [
  ['ec-p256', '', ['TLSv1.2', 'TLSv1.3']],
  ['ec-p384', '', ['TLSv1.2', 'TLSv1.3']],
  ['ec-p521', '', ['TLSv1.2', 'TLSv1.3']],
  ['ed25519', '', ['TLSv1.2', 'TLSv1.3']],
  ['rsa-2048', '', ['TLSv1.2', 'TLSv1.3']],
  ['rsa-3072', '', ['TLSv1.2', 'TLSv1.3']],
  ['rsa-4096', '', ['TLSv1.2', 'TLSv1.3']],
  ['rsa-pss-2048', '', ['TLSv1.2', 'TLSv1.3']],
  ['ml-dsa-44', ", of which Node's own OpenSSL 3.5 is the only judge", ['TLSv1.3']],
  ['ml-dsa-65', ", of which Node's own OpenSSL 3.5 is the only judge", ['TLSv1.3']],
  ['ml-dsa-87', ", of which Node's own OpenSSL 3.5 is the only judge", ['TLSv1.3']],
];

describe.for(algorithms)('between two ends of plain node:tls with keys of %s%s', ([keyAlgorithm, , versions]) => {
  const pki = createPki({ keyAlgorithm, intermediates: keyAlgorithm === 'rsa-4096' ? 0 : 1 });
  const server = pki.server();
  const client = pki.client();
  const unknownClient = createPki().client().trusting(pki);
  const strangeServer = createPki().server().trusting(pki);

  test.for(versions)('both authenticate each other over %s', async (version) => {
    const { atServer, atClient } = await performHandshake(server, client, version);

    expect(atServer).toEqual({ peer: client.certificate.fingerprint256, protocol: version });
    expect(atClient).toEqual({ peer: server.certificate.fingerprint256, protocol: version, echo: 'hello' });
  });

  test.for(versions)('a strange client is turned away over %s', async (version) => {
    const { atServer, atClient } = await performHandshake(server, unknownClient, version);

    expect(atServer).toEqual({ refusal: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(atClient.echo).toBeUndefined();
  });

  test.for(versions)('a strange server is turned away over %s', async (version) => {
    const { atServer, atClient } = await performHandshake(strangeServer, client, version);

    expect(atClient).toEqual({ refusal: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(atServer.refusal ?? 'none', 'the server has nothing against the client').not.toMatch(/CERT/u);
  });
});

/** What one end knows of the other: its certificate, once it is verified, or why it refused. */
interface End {
  readonly peer?: string | undefined;
  readonly protocol?: string | null;
  readonly echo?: string;
  readonly refusal?: string | undefined;
}

async function performHandshake(
  server: Identity,
  client: Identity,
  version: tls.SecureVersion,
): Promise<{ readonly atServer: End; readonly atClient: End }> {
  const versions = { minVersion: version, maxVersion: version };
  const listener = tls.createServer({ ...server.serverTls, ...versions });
  const { promise: served, resolve: serve } = Promise.withResolvers<End>();
  listener.once('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    serve({ refusal: codeOf(socket.authorizationError) ?? error.code });
  });
  listener.on('secureConnection', (socket) => {
    socket.on('error', () => {}).pipe(socket);
    serve({ peer: socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined, protocol: socket.getProtocol() });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const atClient = await callServer(tls.connect({ ...client.tls, ...versions, port, host: '127.0.0.1', servername: 'localhost' }));
  const atServer = await served;
  listener.close();
  await once(listener, 'close');
  return { atServer, atClient };
}

async function callServer(socket: tls.TLSSocket): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  let verified: End = {};
  socket.on('error', (error: NodeJS.ErrnoException) => {
    resolve({ ...verified, refusal: codeOf(socket.authorizationError) ?? error.code });
  });
  socket.on('close', () => {
    resolve(verified);
  });
  socket.once('secureConnect', () => {
    verified = { peer: socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined, protocol: socket.getProtocol() };
    socket.write('hello');
  });
  socket.once('data', (data: Buffer) => {
    resolve({ ...verified, echo: data.toString() });
  });
  const end = await promise;
  socket.destroy();
  return end;
}

/** Node's types say Error, Node gives the code. */
function codeOf(authorizationError: unknown): string | undefined {
  return typeof authorizationError === 'string' ? authorizationError : undefined;
}
