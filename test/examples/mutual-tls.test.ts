import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { createPki, inspectCertificate, observe, writeFiles } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

test('mutual TLS in five steps', async () => {
  // #region step-1
  // 1. A key and a certificate for the server, saved to disk.
  const pki = createPki({ name: 'five steps' });
  using serverFiles = writeFiles(pki.server({ dns: 'localhost' }));
  // serverFiles.key: the private key (mode 0600)
  // serverFiles.cert: the certificate and the intermediate that issued it
  // serverFiles.ca: the root that issues accepted clients
  // #endregion

  // #region step-2
  // 2. The same for the client.
  using clientFiles = writeFiles(pki.client('alice'));
  // #endregion

  // #region step-3
  // 3. Both load theirs, and require and verify the other's.
  const read = (path: string): string => readFileSync(path, 'utf8');
  const serverOptions: tls.TlsOptions = {
    key: read(serverFiles.key),
    cert: read(serverFiles.cert),
    ca: read(serverFiles.ca),
    requestCert: true, // ask the client for a certificate
    rejectUnauthorized: true, // and reject clients without a valid one
    minVersion: 'TLSv1.2',
  };
  const clientOptions: tls.ConnectionOptions = {
    key: read(clientFiles.key),
    cert: read(clientFiles.cert),
    ca: read(clientFiles.ca), // without it Node trusts the public authorities
    servername: 'localhost', // the name that the server's certificate must have
    minVersion: 'TLSv1.2',
  };
  // #endregion

  // #region step-4
  // 4. TLS sockets on both sides. verifyPeer decides about clients whose chain is valid.
  const server = tls.createServer(serverOptions, (socket) => {
    const client = inspectCertificate(socket.getPeerX509Certificate() ?? '');
    socket.on('data', (data) => socket.end(`${data.toString()} from ${client.commonName}`));
  });
  await using observed = observe(server, { verifyPeer: ({ commonName }) => commonName === 'alice' || 'only alice is allowed' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({ ...clientOptions, host: observed.host, port: observed.port });
  // #endregion

  // #region step-5
  // 5. Exchange data, and look at the verdict.
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  const handshake = await observed.nextHandshake();

  expect(String(answer)).toBe('hello from alice');
  expect(handshake).toBeAccepted();
  expect(handshake).toHaveClientCertificate({ commonName: 'alice' });
  await expect(observed).toReject(pki.client('bob'), { trust: pki, control: pki.client('alice'), reason: 'APPLICATION_VERIFICATION' });
  // #endregion
});
