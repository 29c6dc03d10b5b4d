import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** How a relay passes on what it gets. */
export interface DelayLine {
  /** Milliseconds for each way. */
  readonly delay: number;
  /** Of this number of pieces one is late by the whole delay again, and those behind it with it: as where a segment is lost and sent again. */
  readonly lateOneOf?: number;
}

/** A relay on loopback in front of a port that makes its server far away. */
export async function startDelayLine(
  port: number,
  { delay, lateOneOf = Infinity }: DelayLine,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<net.Socket>();
  let passed = 0;
  const pass = (from: net.Socket, to: net.Socket): void => {
    let earliest = 0;
    const waiting: (() => void)[] = [];
    /** In order, whatever was late before; timers of unequal lengths may come in another one. */
    const later = (act: () => void): void => {
      passed += 1;
      earliest = Math.max(earliest, performance.now() + (passed % lateOneOf === 0 ? 2 * delay : delay));
      waiting.push(act);
      setTimeout(() => waiting.shift()?.(), Math.max(0, earliest - performance.now()));
    };
    from.on('data', (bytes: Buffer) => {
      later(() => void (to.destroyed || to.write(bytes)));
    });
    from.on('end', () => {
      later(() => to.end());
    });
    from.on('close', () => {
      later(() => to.destroy());
    });
  };
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
