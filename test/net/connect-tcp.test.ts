import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { connectTcp } from '../../src/net/connect-tcp.ts';

async function listening(): Promise<Server & AsyncDisposable> {
  const server = net.createServer((socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on TCP
}

test('a connection is handed to its hooks: the socket at once, the connection in the turn in which it is made', async () => {
  await using server = await listening();
  const order: string[] = [];
  const seen: Socket[] = [];

  const pending = connectTcp(
    { host: '127.0.0.1', port: portOf(server) },
    {
      timeout: 5000,
      onSocket: (socket) => {
        order.push('socket');
        seen.push(socket);
        socket.once('connect', () => queueMicrotask(() => order.push('end of the turn')));
      },
      onConnect: () => order.push('connect'),
    },
  );
  order.push('called');
  const socket = await pending;
  socket.destroy();

  expect(seen).toEqual([socket]);
  expect(order).toEqual(['socket', 'called', 'connect', 'end of the turn']);
});

test('a port on which nothing listens is CONNECT_FAILED with the reason of the system', async () => {
  const server = await listening();
  const port = portOf(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });

  await expect(connectTcp({ host: '127.0.0.1', port }, { timeout: 5000 })).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    facts: { host: '127.0.0.1', port, reason: 'ECONNREFUSED' },
  });
});

test.for([
  ['the resolver', undefined],
  [
    'a lookup of the caller',
    (_host: string, _options: unknown, answer: (error: Error, address: string, family: number) => void) =>
      answer(new Error('no such name'), '', 4),
  ],
] as const)('a host name that %s does not know is HOST_NOT_FOUND', async ([, lookup]) => {
  const tcpOptions = lookup === undefined ? {} : { lookup };

  await expect(connectTcp({ host: 'no-such-host.invalid', port: 1 }, { timeout: 5000, tcpOptions })).rejects.toMatchObject({
    code: 'HOST_NOT_FOUND',
    facts: { host: 'no-such-host.invalid' },
  });
});

test('an attempt without an answer ends at the bound, and its socket is destroyed', async () => {
  let socket: Socket | undefined;
  const pending = connectTcp(
    { host: 'never-resolved.test', port: 1 },
    {
      timeout: 20,
      tcpOptions: { lookup: () => {} }, // never calls back
      onSocket: (opened) => {
        socket = opened;
      },
    },
  );

  await expect(pending).rejects.toMatchObject({ code: 'CONNECT_FAILED', facts: { reason: 'no answer within 20 ms' } });
  expect(socket?.destroyed).toBe(true);
});

test('options that net.connect refuses are OPTION_INVALID', async () => {
  await expect(
    connectTcp({ host: '127.0.0.1', port: 1 }, { timeout: 5000, tcpOptions: { localAddress: 'nowhere' } }),
  ).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  });
});
