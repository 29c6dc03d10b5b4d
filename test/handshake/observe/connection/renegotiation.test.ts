import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { ObservedServer } from '../../../../src/index.ts';
import { client, echoServer, observed, pki } from '../../user-server.ts';

const names = pki.server({ dns: ['localhost', 'www.test', 'admin.test'] });

test.for([
  ['at once', false],
  ['after application data', true],
] as const)('a client that renegotiates %s leaves two records, each with its own facts', async ([, talks]) => {
  const server = await observed(echoServer({ ...names.serverTls, maxVersion: 'TLSv1.2' }));
  const socket = await connect(server, 'www.test');
  if (talks) await exchange(socket);

  await renegotiate(socket);
  await exchange(socket);

  const [first, second] = [await server.nextHandshake(), await server.nextHandshake()];
  expect(first).toMatchObject({ verdict: 'accepted', servername: 'www.test', evidence: talks ? 'application-data' : 'server-observed' });
  expect(second).toMatchObject({ verdict: 'accepted', servername: 'www.test', evidence: 'application-data' });
  for (const record of [first, second]) {
    expect(record).toHaveClientCertificate({ commonName: 'alice' });
    expect(record.serverCertificate?.altNames.dns).toContain('admin.test');
  }
  expect(server.handshakes).toHaveLength(2);
});

test('a renegotiation that the server refuses is a rejection by the server, and the first handshake stays accepted', async () => {
  const server = await observed(
    tls.createServer({ ...names.serverTls, maxVersion: 'TLSv1.2' }, (socket) => {
      socket.on('error', () => {}).pipe(socket);
      socket.disableRenegotiation();
    }),
  );
  const socket = await connect(server, 'www.test');
  await exchange(socket);

  socket.renegotiate({}, () => {});

  expect(await server.nextHandshake()).toMatchObject({ verdict: 'accepted', servername: 'www.test' });
  expect(await server.nextHandshake()).toBeRejected({ by: 'server', reason: 'ERR_TLS_RENEGOTIATION_DISABLED' });
});

test('a connection without a renegotiation leaves one record', async () => {
  const server = await observed(echoServer({ ...names.serverTls, maxVersion: 'TLSv1.2' }));
  const socket = await connect(server, 'www.test');

  await exchange(socket);
  await exchange(socket);
  socket.destroy();

  expect(await server.nextHandshake()).toBeAccepted();
  await expect(server.nextHandshake({ timeout: 50 })).rejects.toMatchObject({ code: 'NO_HANDSHAKE' });
});

async function connect(server: ObservedServer, servername: string): Promise<tls.TLSSocket> {
  const socket = tls.connect({ ...client.tls, host: server.host, port: server.port, servername });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  return socket;
}

async function exchange(socket: tls.TLSSocket): Promise<void> {
  const answered = new Promise((resolve) => socket.once('data', resolve));
  socket.write('hello');
  await answered;
}

function renegotiate(socket: tls.TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.renegotiate({}, (error) => (error ? reject(error) : resolve()));
  });
}
