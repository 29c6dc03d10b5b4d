import https from 'node:https';
import tls from 'node:tls';
import type { AttemptFunction } from '../../../src/scenarios/run/target.ts';
import type { ServerProcess } from '../server-process.ts';

/** Asks for a page: a server may answer a client that it does not want over HTTP. */
export function getAttempt({ host, port, servername }: ServerProcess): AttemptFunction {
  return (material) =>
    new Promise<void>((resolve, reject) => {
      const options = { host, port, servername, path: '/index.html', agent: false, ...material };
      const request = https.get(options, (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        response.on('end', () => {
          if (statusCode < 400) resolve();
          else reject(new Error(`HTTP ${statusCode}`));
        });
      });
      request.on('error', reject);
    });
}

/** Sends a line and waits for it to come back. */
export function echoAttempt({ host, port, servername }: ServerProcess): AttemptFunction {
  return (material) =>
    new Promise<void>((resolve, reject) => {
      const socket = tls.connect({ host, port, servername, ...material }, () => socket.write('ping\n'));
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('closed without an answer')));
      socket.on('data', () => {
        resolve();
        socket.destroy();
      });
    });
}
