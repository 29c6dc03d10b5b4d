import https from 'node:https';
import type { Endpoint } from '../handshake/attempt/attempt-options.ts';
import { servernameFor } from '../net/addresses.ts';
import type { AttemptFunction } from '../scenarios/run/target.ts';

/** Asks a server for a page with the credential of each scenario: let in for an answer below 400, since many servers refuse only after the handshake. */
export function getPage({ host, port, servername }: Endpoint, path: string): AttemptFunction {
  const name = servername ?? servernameFor(host);
  return (tls) =>
    new Promise((resolve, reject) => {
      const request = https.get({ host, port, path, servername: name, agent: false, ...tls }, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode < 400) resolve(statusCode);
          else reject(new Error(`HTTP status ${statusCode}`));
        });
      });
      request.on('error', reject);
    });
}
