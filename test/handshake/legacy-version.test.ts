import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../src/index.ts';
import { encodeClientHello } from '../../src/wire/hello/encode-client-hello.ts';

/** RFC 8446 5.1: the version of a record is to be ignored for all purposes. */
const pki = createPki({ name: 'versions' });

test.for([
  ['2.0', '0200', '15020000020246'],
  ['3.2', '0302', '15030200020246'],
] as const)('an alert of the server to a hello of legacy version %s is in the record of the handshake', async ([, version, answer]) => {
  await using server = await startTlsServer({ identity: pki.server() });
  const hello = encodeClientHello({ servername: 'localhost', versions: ['TLSv1.1'] });
  Buffer.from(version, 'hex').copy(hello, 9); // legacy_version of the hello, behind the headers of record and message

  const client = net.connect(server.port, server.host).on('error', () => {});
  client.write(hello);
  const [bytes] = (await once(client, 'data')) as [Buffer]; // as Node documents the event
  const handshake = await server.nextHandshake();
  client.destroy();

  expect(bytes.toString('hex')).toBe(answer);
  expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', alert: { name: 'protocol_version', sentBy: 'server' } });
  expect(handshake.messages.at(-1)).toMatchObject({ sentBy: 'server' });
});

test('a hello in the form of SSL 2.0 is noted, and what the server answers is read', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  // Version 3.1 and one cipher suite, in the form of SSL 2.0 (RFC 5246 E.2).
  const hello = Buffer.concat([Buffer.from('801c010301000300000010', 'hex'), Buffer.from('00002f', 'hex'), Buffer.alloc(16, 7)]);

  const client = net.connect(server.port, server.host).on('error', () => {});
  client.write(hello);
  await once(client, 'data');
  const handshake = await server.nextHandshake();
  client.destroy();

  expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', alert: { sentBy: 'server' } });
  expect(handshake.records[0]).toMatchObject({ type: 'not-tls', note: 'a ClientHello in the form of SSL 2.0' });
  expect(handshake.records.at(-1)).toMatchObject({ sentBy: 'server', type: 'alert' });
});

test.for(['0200', '0002', '0000', '0303'])(
  'an endpoint that answers with an alert in a record of version %s has refused',
  async (version) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(Buffer.from(`15${version}00020246`, 'hex')));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo; // of a TCP server

    const handshake = await attemptHandshake({ host: '127.0.0.1', port }, { trust: pki.anchors });
    server.close();

    expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', evidence: 'alert', alert: { name: 'protocol_version' } });
  },
);

test('an endpoint that does not speak TLS has not refused', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('220 hello\r\n'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as net.AddressInfo; // of a TCP server

  await expect(attemptHandshake({ host: '127.0.0.1', port }, { trust: pki.anchors })).rejects.toThrow(
    expect.objectContaining({ code: 'NOT_TLS' }),
  );
  server.close();
});
