import http2 from 'node:http2';
import https from 'node:https';
import type { TlsMaterial } from '../../src/index.ts';

/** What a call is given: an identity's material, or only the trust anchors. */
export type CallMaterial = Pick<TlsMaterial, 'ca'> & Partial<TlsMaterial>;

/** Where to, and which path; default `/`. */
export interface CallTarget {
  readonly port: number;
  readonly path?: string;
}

/** The body, by node:https. */
export function getByHttps({ port, path = '/' }: CallTarget, material: CallMaterial): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get(`https://localhost:${port}${path}`, { ...material, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** The body, by node:http2; the error is the request's. */
export function getByHttp2({ port, path = '/' }: CallTarget, material: CallMaterial): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`https://localhost:${port}`, material);
    session.on('error', () => {}); // the request has it too
    const request = session.request({ ':path': path });
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => resolve(body));
    request.on('error', reject);
    request.on('close', () => session.close());
  });
}
