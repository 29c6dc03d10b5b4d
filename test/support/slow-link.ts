import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as elapse } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A way to a port of this machine with 400 ms of round trip. */
export function slowLinkTo(port: number): net.Server {
  return net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    forward(near, far);
    forward(far, near);
  });
}

function forward(from: net.Socket, to: net.Socket): void {
  from.on('error', () => to.destroy());
  from.on('data', (data) => void elapse(200).then(() => to.write(data)));
  from.on('end', () => void elapse(200).then(() => to.end()));
}

/** Listens on a free port until the test ends. */
export async function listen(server: net.Server, host = '127.0.0.1'): Promise<number> {
  onTestFinished(() => void server.close());
  await once(server.listen(0, host), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port'); // it listens on one
  return address.port;
}
