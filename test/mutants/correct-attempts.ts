import http2 from 'node:http2';
import https from 'node:https';
import axios from 'axios';
import { Agent, fetch, request } from 'undici';
import type { AttemptFunction } from '../../src/scenarios/run/target.ts';

/** Where a server under test listens, and what the client says besides. */
export interface Service {
  readonly port: number;
  readonly headers?: Record<string, string>;
}

const servername = 'localhost';

export function httpsAttempt({ port, headers = {} }: Service): AttemptFunction {
  return (material) => getOnce({ host: '127.0.0.1', servername, port, headers, agent: false, ...material });
}

/** Two requests, one after the other, on one connection where the server keeps it; let in when either is served. */
export function httpsAttemptTwice({ port }: Service): AttemptFunction {
  return async (material) => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...material });
    const options = { host: '127.0.0.1', servername, port, agent };
    try {
      return await getOnce(options).catch(() => getOnce(options));
    } finally {
      agent.destroy();
    }
  };
}

function getOnce(options: https.RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    https
      .get(options, (response) => {
        response.resume();
        response.on('end', () => settle(response.statusCode, { resolve, reject }));
      })
      .on('error', reject);
  });
}

/** Opens so many streams of one session; let in when one of them is served. */
export function http2Attempt({ port, streams = 1 }: Service & { readonly streams?: number }): AttemptFunction {
  return (material) =>
    new Promise((resolve, reject) => {
      const session = http2.connect(`https://127.0.0.1:${port}`, { servername, ...material });
      let left = streams;
      session.on('error', reject);
      const refuse = (error: Error): void => {
        left -= 1;
        if (left > 0) return;
        session.destroy();
        reject(error);
      };
      for (let index = 0; index < streams; index++) {
        let status: number | undefined;
        const stream = session.request();
        stream.on('error', () => {});
        stream.on('response', (headers) => {
          status = headers[':status'];
        });
        stream.on('close', () => {
          settle(status, { resolve: () => resolve(session.destroy()), reject: refuse });
        });
        stream.resume();
      }
    });
}

export function undiciRequestAttempt({ port, headers = {} }: Service): AttemptFunction {
  return async (material) => {
    const dispatcher = new Agent({ connect: { servername, ...material } });
    try {
      const { statusCode, body } = await request(`https://127.0.0.1:${port}`, { dispatcher, headers });
      await body.dump();
      return await new Promise<void>((resolve, reject) => settle(statusCode, { resolve, reject }));
    } finally {
      await dispatcher.destroy();
    }
  };
}

export function undiciFetchAttempt({ port, headers = {} }: Service): AttemptFunction {
  return async (material) => {
    const dispatcher = new Agent({ connect: { servername, ...material } });
    try {
      const response = await fetch(`https://127.0.0.1:${port}`, { dispatcher, headers });
      await response.text();
      return await new Promise<void>((resolve, reject) => settle(response.status, { resolve, reject }));
    } finally {
      await dispatcher.destroy();
    }
  };
}

/** axios rejects by itself what is not 2xx. */
export function axiosAttempt({ port, headers = {} }: Service): AttemptFunction {
  return (material) =>
    axios.get(`https://127.0.0.1:${port}`, { httpsAgent: new https.Agent({ servername, ...material }), headers, proxy: false });
}

function settle(
  status: number | undefined,
  { resolve, reject }: { readonly resolve: () => void; readonly reject: (error: Error) => void },
): void {
  if (status !== undefined && status < 400) resolve();
  else reject(new Error(status === undefined ? 'the stream closed without an answer' : `HTTP ${status}`));
}
