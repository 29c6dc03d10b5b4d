import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { attemptHandshake, createPki, observe } from 'mtls-fixtures';
import { expect, test } from 'vitest';

/** What the README shows side by side: the same expired client on a plain Node server, and on the same server observed. */
test('plain Node tells neither end why a client was rejected; the observed server does', async () => {
  const pki = createPki();
  const expired = pki.client('bob', { notAfter: new Date(Date.now() - 60_000) });
  const seen: string[] = [];
  const server = tls.createServer(pki.server().serverTls);
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => seen.push(`server: tlsClientError ${error.code} "${error.message}"`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const socket = tls.connect({ ...expired.tls, port: (server.address() as AddressInfo).port, servername: 'localhost' });
  for (const event of ['secureConnect', 'end', 'error'] as const) socket.on(event, () => seen.push(`client: ${event}`));
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));

  expect(seen.filter((line) => line.startsWith('client'))).toEqual(['client: secureConnect', 'client: end']);
  expect(seen.filter((line) => line.startsWith('server'))).toEqual(['server: tlsClientError ECONNRESET "socket hang up"']);

  await using observed = observe(server);
  const handshake = await attemptHandshake(observed, { identity: expired });

  expect(handshake.explain().split('\n')[0]).toBe(
    'Handshake rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)',
  );
});
