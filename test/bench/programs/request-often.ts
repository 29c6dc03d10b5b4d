// The clients of a gateway, and the application behind it, in a process beside that of the gateway: says on which port the application listens, and then answers each message, how many
// requests to send to which port, with the milliseconds that they took, 100 at a time on connections that stay.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';

/** What the parent sends. */
export interface Load {
  readonly port: number;
  readonly requests: number;
}

const concurrent = 100;
const { ca, cert, key } = JSON.parse(process.env['CLIENT'] ?? '') as { readonly ca: string; readonly cert: string; readonly key: string }; // the parent wrote it
const agents = new Map<number, Agent>();

const application = http.createServer((_request, response) => response.end('hello'));
application.keepAliveTimeout = 0; // no connection ends while the others have their turn
application.listen(0, '127.0.0.1');
await once(application, 'listening');
process.send?.((application.address() as AddressInfo).port); // it listens on a port
process.on('message', (load: Load) => void run(load));

async function run({ port, requests }: Load): Promise<void> {
  const agent =
    agents.get(port) ?? new Agent({ connections: concurrent, allowH2: false, connect: { ca, cert, key, servername: 'localhost' } });
  agents.set(port, agent);
  let left = requests;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await agent.request({ origin: `https://127.0.0.1:${port}`, path: '/', method: 'GET' });
      if (statusCode !== 200 || (await body.text()) !== 'hello') throw new Error(`a request was answered ${statusCode}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrent }, client));
  process.send?.(performance.now() - start);
}
