import https from 'node:https';
import { isIP } from 'node:net';
import tls from 'node:tls';
import { Agent, fetch } from 'undici';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';

/** Calls by node:https, and gives up after so many milliseconds. */
export function byHttps({ timeout = 10_000, ...extra }: https.RequestOptions = {}): ClientCall {
  return ({ url, tls: material }) =>
    new Promise((resolve, reject) => {
      const options = { agent: false, ...material, ...extra, signal: AbortSignal.timeout(timeout) };
      const request = https.get(url, options, (response) => {
        response.resume();
        response.on('end', resolve);
        response.on('error', reject);
      });
      request.on('error', reject);
    });
}

/** Calls by undici's fetch, and gives up after so many milliseconds. */
export function byFetch({ timeout = 10_000 }: { readonly timeout?: number } = {}): ClientCall {
  return async ({ url, tls: material }) => {
    const agent = new Agent({ connect: material });
    try {
      const response = await fetch(url, { dispatcher: agent, signal: AbortSignal.timeout(timeout) });
      return await response.text();
    } finally {
      await agent.destroy();
    }
  };
}

/** Calls by node:tls: speaks HTTP/1.1 itself, wants a whole response, and gives up after so many milliseconds of silence. */
export function byTls({ timeout = 10_000, ...extra }: tls.ConnectionOptions = {}): ClientCall {
  return ({ host, port, tls: material }) =>
    new Promise((resolve, reject) => {
      let received = '';
      const options = { host, port, servername: isIP(host) === 0 ? host : '', ...material, ALPNProtocols: ['http/1.1'], timeout, ...extra };
      const socket = tls.connect(options, () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString();
        if (!isWhole(received)) return;
        resolve(received);
        socket.end();
      });
      socket.on('timeout', () => socket.destroy(Object.assign(new Error('nothing came'), { code: 'ETIMEDOUT' })));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the response was cut off')));
    });
}

function isWhole(response: string): boolean {
  const [head = '', body] = response.split(/\r\n\r\n([^]*)/u, 2);
  if (body === undefined) return false;
  const length = /content-length: (\d+)/iu.exec(head)?.[1];
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length >= Number(length);
}
