import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { sendClientFault } from '../../../src/faults/client/send-client-fault.ts';
import { startFaultServer } from '../../../src/faults/server/start-fault-server.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';
import { listening, serverIdentity } from '../node-peers.ts';

describe('a slow peer', () => {
  /** Notes the sizes of what comes until it is enough. */
  const noteSizes = (socket: net.Socket, sizes: number[]): void => {
    socket.on('data', (chunk: Buffer) => {
      sizes.push(chunk.length);
      if (sizes.length > 150) socket.destroy();
    });
    socket.on('error', () => {});
  };
  /** TCP may join two octets that were sent one after the other, most of all while the connection is being accepted. */
  const average = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0) / sizes.length;

  test('sends each octet on its own, as client', async () => {
    const sizes: number[] = [];
    const port = await listening(
      net.createServer((socket) => {
        noteSizes(socket, sizes);
      }),
    );

    await sendClientFault({ host: '127.0.0.1', port }, { kind: 'one-byte-at-a-time' });

    expect(sizes.length).toBeGreaterThan(100);
    expect(average(sizes)).toBeLessThan(1.1);
  });

  test('sends each octet on its own, as server', async () => {
    await using server = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity: serverIdentity });
    const socket = net.connect({ host: server.host, port: server.port });
    const sizes: number[] = [];
    noteSizes(socket, sizes);

    socket.write(encodeClientHello({ servername: 'localhost', versions: ['TLSv1.3'] }));
    await new Promise((resolve) => socket.once('close', resolve));

    expect(sizes.length).toBeGreaterThan(100);
    expect(average(sizes)).toBeLessThan(1.1);
  });
});
