import https from 'node:https';
import { credentials, Metadata } from '@grpc/grpc-js';
import { create as createAxios } from 'axios';
import got from 'got';
import { Redis } from 'ioredis';
import { connectAsync } from 'mqtt';
import { Pool as PgPool } from 'pg';
import { Agent, type buildConnector, Pool, request } from 'undici';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import { GreeterClient } from '../../interop/libraries/grpc-service.ts';
import { httpsGet } from '../correct-clients.ts';

/** A client that lives longer than a call: made with the material of one peer, used for one request after another. */
type Open = (peer: PeerToCall) => (peer: PeerToCall) => Promise<unknown>;

/** Makes the client for the first of two calls, and uses it for the second whatever that is given. */
export function keptFromFirst(open: Open): ClientCall {
  let kept: ReturnType<Open> | undefined;
  return (peer) => {
    if (peer.call === 1 || !kept) kept = open(peer);
    return kept(peer);
  };
}

/** Keeps a client for each combination of server and TLS material. */
export function keptByMaterial(open: Open): ClientCall {
  const clients = new Map<string, ReturnType<Open>>();
  return (peer) => {
    const key = JSON.stringify([peer.url, peer.tls]);
    const client = clients.get(key) ?? open(peer);
    clients.set(key, client);
    return client(peer);
  };
}

export const byHttpsAgent: Open = ({ tls }) => {
  const agent = new https.Agent({ keepAlive: true, ...tls });
  return ({ url }) => httpsGet(url, { agent });
};

export const byUndiciAgent: Open = ({ tls }) => {
  const dispatcher = new Agent({ connect: tls as buildConnector.BuildOptions }); // its type allows no crl
  return async ({ url }) => {
    const { body } = await request(url, { dispatcher });
    return body.text();
  };
};

export const byUndiciPool: Open = ({ url, tls }) => {
  const pool = new Pool(new URL(url).origin, { connect: tls as buildConnector.BuildOptions, connections: 2 }); // as above
  return async () => {
    const { body } = await pool.request({ path: '/', method: 'GET' });
    return body.text();
  };
};

export const byAxios: Open = ({ tls }) => {
  const instance = createAxios({ httpsAgent: new https.Agent({ keepAlive: true, ...tls }), proxy: false });
  return ({ url }) => instance.get(url);
};

export const byGot: Open = ({ tls }) => {
  const instance = got.extend({ agent: { https: new https.Agent({ keepAlive: true, ...tls }) }, retry: { limit: 0 } });
  return ({ url }) => instance(url).text();
};

export const byGrpc: Open = ({ host, port, tls: { ca, key, cert } }) => {
  const client = new GreeterClient(`${host}:${port}`, credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert)));
  return () =>
    new Promise((resolve, reject) => {
      client['hello']?.(Buffer.from('hello'), new Metadata(), (error: Error | null, answer: Buffer) => {
        if (error) reject(error);
        else resolve(answer);
      });
    });
};

export const byPg: Open = ({ host, port, tls }) => {
  const pool = new PgPool({ host, port, user: 'client', database: 'shop', ssl: tls, sslnegotiation: 'direct', max: 1 });
  pool.on('error', () => {}); // of an idle connection: the pool makes another
  return () => pool.query('SELECT 1');
};

export const byRedis: Open = ({ host, port, tls }) => {
  const redis = new Redis({ host, port, tls, lazyConnect: true, retryStrategy: null, enableReadyCheck: false, disableClientInfo: true });
  return async () => {
    if (redis.status !== 'ready') await connected(redis);
    return redis.ping();
  };
};

/** Only the event has the reason. */
function connected(redis: Redis): Promise<unknown> {
  return new Promise((resolve, reject) => {
    redis.once('error', reject);
    redis.connect().then(resolve, (error: unknown) => {
      setImmediate(reject, error);
    });
  });
}

export const byMqtt: Open = ({ host, port, tls }) => {
  const connect = (): ReturnType<typeof connectAsync> => connectAsync(`mqtts://${host}:${port}`, { ...tls, reconnectPeriod: 0 }, false);
  let client: Awaited<ReturnType<typeof connect>> | undefined;
  return async () => {
    if (client?.connected !== true) client = await connect();
    return client.publishAsync('orders', 'one', { qos: 1 });
  };
};

/** Verifies with one agent, which keeps connections by what each request is given. */
export function gotWithOneAgent(): ClientCall {
  const instance = got.extend({ agent: { https: new https.Agent({ keepAlive: true }) }, retry: { limit: 0 } });
  return ({ url, tls: { key, cert, ca } }) => instance(url, { https: { key, certificate: cert, certificateAuthority: ca } }).text();
}
