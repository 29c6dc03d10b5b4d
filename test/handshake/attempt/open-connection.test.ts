import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createPki, observe, openConnection, startTlsServer } from '../../../src/index.ts';

const pki = createPki();
const alice = pki.client('alice');

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'a connection over %s stays open after its handshake, and carries bytes both ways',
  async (version) => {
    await using server = await startTlsServer({ pki });
    await using connection = await openConnection(server, { identity: alice, minVersion: version, maxVersion: version });

    expect(connection.handshake).toBeAccepted();
    expect(connection.handshake).toHaveClientCertificate({ commonName: 'alice' });
    expect((await connection.exchange('ping')).toString()).toBe('ping');
    expect((await connection.exchange(Buffer.alloc(300_000, 'x'), { until: ({ length }) => length === 300_000 })).length).toBe(300_000);
    expect(connection.isOpen).toBe(true);

    await connection.close();

    expect(connection.isOpen).toBe(false);
    expect(await connection.closed).toEqual({ by: 'client', how: 'closed' });
    await expect(connection.exchange('more')).rejects.toMatchObject({ code: 'CONNECTION_OVER' });
  },
);

test('an endpoint is reached as by attemptHandshake, and what it said first is part of the first answer', async () => {
  const server = tls.createServer(pki.server().serverTls, (socket) => {
    socket.write('welcome; ');
    socket.on('data', (chunk) => socket.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number }; // it listens on a port
  await using connection = await openConnection({ host: '127.0.0.1', port }, { identity: alice });

  expect(connection.handshake).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
  expect((await connection.exchange('ping', { until: (received) => received.includes('ping') })).toString()).toBe('welcome; ping');
});

test('a connection outlives the rotation of what its handshake was judged by', async () => {
  await using server = await startTlsServer({ pki });
  await using connection = await openConnection(server, { identity: alice });
  const other = createPki();

  server.rotate({ identity: other.server(), trust: other });

  expect((await connection.exchange('ping')).toString()).toBe('ping');
  expect((await openConnection(server, { identity: alice, trust: other })).handshake).toBeRejected({ by: 'server' });
});

test('a rejected handshake is a value, and its connection is over', async () => {
  await using server = await startTlsServer({ pki });
  const stranger = createPki().client().trusting(pki);
  await using connection = await openConnection(server, { identity: stranger });

  expect(connection.handshake).toBeRejected({ by: 'server', alert: 'unknown_ca' });
  await connection.closed;
  expect(connection.isOpen).toBe(false);
  await expect(connection.exchange('ping')).rejects.toMatchObject({ code: 'CONNECTION_OVER' });
});

test('says how the server ended it', async () => {
  const raw: net.Socket[] = [];
  const served = tls.createServer(pki.server().serverTls, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => (chunk.toString() === 'close' ? void socket.end() : raw.at(-1)?.resetAndDestroy()));
  });
  served.on('connection', (socket) => raw.push(socket));
  const server = observe(served.listen(0, '127.0.0.1'), { identity: pki.server() });
  await once(served, 'listening');
  onTestFinished(() => server.close());
  const closed = await openConnection(server, { identity: alice });
  const reset = await openConnection(server, { identity: alice });

  await expect(closed.exchange('close')).rejects.toThrow(/the server closed it/u);
  await expect(reset.exchange('reset')).rejects.toThrow(/the server reset it/u);

  expect(await closed.closed).toEqual({ by: 'server', how: 'closed' });
  expect(await reset.closed).toEqual({ by: 'server', how: 'reset' });
});

test('an answer that does not come is an error, and the connection goes on', async () => {
  await using server = await startTlsServer({
    pki,
    onConnection: (socket) => socket.on('data', (chunk) => chunk.includes('?') && socket.write('!')),
  });
  await using connection = await openConnection(server, { identity: alice });

  await expect(connection.exchange('silence', { timeout: 50 })).rejects.toMatchObject({ code: 'NO_ANSWER' });
  expect((await connection.exchange('?')).toString()).toBe('!');
});

test('bad input is refused before anything opens', async () => {
  await using server = await startTlsServer({ pki });
  await using connection = await openConnection(server, { identity: alice });

  await expect(openConnection(server, { identty: alice } as never)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  await expect(connection.exchange(5 as never)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  await expect(connection.exchange('x', { untl: () => true } as never)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  await expect(
    connection.exchange('x', {
      until: () => {
        throw new Error('of the caller');
      },
    }),
  ).rejects.toThrow('of the caller');
});

test('bytes can be sent in parts, and what has come be taken, without waiting for an answer', async () => {
  await using server = await startTlsServer({ pki });
  await using connection = await openConnection(server, { identity: alice });

  connection.send('half ');
  expect((await connection.exchange('whole', { until: ({ length }) => length === 10 })).toString()).toBe('half whole');
  expect(connection.received().toString()).toBe('');
  expect(() => connection.send(7 as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' })); // as JavaScript may

  await connection.close();

  expect(() => connection.send('more')).toThrow(expect.objectContaining({ code: 'CONNECTION_OVER' }));
});
