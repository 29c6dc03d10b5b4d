import http2 from 'node:http2';
import https from 'node:https';
import { isIP } from 'node:net';
import tls from 'node:tls';
import axios, { type AxiosRequestConfig } from 'axios';
import got from 'got';
import { Agent, type buildConnector, fetch, request } from 'undici';
import type { ClientCall, PeerToCall } from '../../src/scenarios/run/target.ts';

/** What a client is given to connect with, and what may be changed to break it. */
type Changes = (peer: PeerToCall) => tls.ConnectionOptions;

const nothing: Changes = () => ({});

/** Sends a request when `trusts` says so, and wants the whole answer. */
export function tlsClient(
  changes: Changes = nothing,
  trusts: (socket: tls.TLSSocket, peer: PeerToCall) => boolean = () => true,
): ClientCall {
  return (peer) =>
    new Promise((resolve, reject) => {
      const socket = connect(peer, changes(peer), () => {
        if (trusts(socket, peer)) socket.write(requestTo(peer));
        else socket.destroy(new Error('the certificate is not trusted'));
      });
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        if (isComplete(answer)) resolve(answer);
        else reject(new Error('the connection closed before the answer was complete'));
      });
    });
}

export function connect(peer: PeerToCall, changes: tls.ConnectionOptions, listener?: () => void): tls.TLSSocket {
  const { host, port, tls: material } = peer;
  const servername = isIP(host) === 0 ? host : ''; // RFC 6066 3: addresses are no names
  return tls.connect({ host, port, servername, ...material, ...changes }, listener);
}

export function requestTo({ host }: PeerToCall): string {
  return `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

function isComplete(answer: string): boolean {
  const [head = '', body] = answer.split('\r\n\r\n');
  const length = Number(/^content-length: (\d+)$/imu.exec(head)?.[1] ?? 0);
  return head.startsWith('HTTP/1.1 200 ') && body !== undefined && body.length >= length;
}

export function httpsClient(changes: Changes = nothing): ClientCall {
  return (peer) => httpsGet(peer.url, { agent: false, ...peer.tls, ...changes(peer) });
}

export function httpsGet(url: string, options: https.RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    https
      .get(url, options, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', resolve);
      })
      .on('error', reject);
  });
}

export function http2Client(changes: Changes = nothing): ClientCall {
  return (peer) =>
    new Promise((resolve, reject) => {
      const session = http2.connect(peer.url, { ...peer.tls, ...changes(peer) });
      let isAnswered = false;
      const stream = session.request();
      session.on('error', reject);
      stream.on('error', reject);
      stream.on('response', () => {
        isAnswered = true;
      });
      stream.on('close', () => {
        session.destroy();
        if (isAnswered && stream.rstCode === 0) resolve('ok');
        else reject(new Error('the stream closed without an answer'));
      });
      stream.resume();
    });
}

export function undiciFetch(changes: Changes = nothing): ClientCall {
  return async (peer) => {
    await using dispatcher = undiciAgent(peer, changes);
    const response = await fetch(peer.url, { dispatcher });
    return await response.text();
  };
}

export function undiciRequest(changes: Changes = nothing): ClientCall {
  return async (peer) => {
    await using dispatcher = undiciAgent(peer, changes);
    const { body } = await request(peer.url, { dispatcher });
    return await body.text();
  };
}

function undiciAgent(peer: PeerToCall, changes: Changes): Agent & AsyncDisposable {
  const agent = new Agent({ connect: { ...peer.tls, ...changes(peer) } as buildConnector.BuildOptions }); // its type allows no crl
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}

export function axiosClient(changes: Changes = nothing, config: AxiosRequestConfig = {}): ClientCall {
  return (peer) => axios.get(peer.url, { httpsAgent: new https.Agent({ ...peer.tls, ...changes(peer) }), proxy: false, ...config });
}

export function gotClient(changes: Changes = nothing): ClientCall {
  return (peer) => got(peer.url, { agent: { https: new https.Agent({ ...peer.tls, ...changes(peer) }) }, retry: { limit: 0 } }).text();
}
