import { constants, X509Certificate } from 'node:crypto';
import https from 'node:https';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { http2Client, httpsClient, httpsGet, tlsClient, undiciFetch } from '../correct-clients.ts';
import type { ClientUse, Subject } from '../mutant.ts';
import {
  byAxios,
  byGot,
  byGrpc,
  byHttpsAgent,
  byMqtt,
  byPg,
  byRedis,
  byUndiciAgent,
  byUndiciPool,
  gotWithOneAgent,
  keptByMaterial,
} from './libraries.ts';
import { grpcPeer, mqttPeer, postgresPeer, redisPeer } from './peers.ts';

/** The scenarios with two calls of one client. */
const ids = [
  'client-swaps-certificate-on-one-agent',
  'client-certificate-reloaded',
  'client-reuses-session-for-other-name',
  'client-reuses-session-after-trust-change',
  'client-holds-serverauth-only',
  'server-renegotiates-other-certificate',
];
const twice = { versions: ['TLSv1.3', 'TLSv1.2'], within: { ids } } as const;

/** Clients that keep connections, sessions and pools between calls, and do not confuse them; and some that keep nothing. */
export const correctSecondCalls: readonly Subject<ClientUse>[] = [
  { ...twice, name: 'https, twice', call: httpsClient() },
  { ...twice, name: 'http2, twice', call: http2Client() },
  { ...twice, name: 'undici fetch, twice', call: undiciFetch() },
  {
    ...twice,
    name: 'https with one agent that keeps connections',
    call: ((): ClientCall => {
      const agent = new https.Agent({ keepAlive: true });
      return ({ url, tls }) => httpsGet(url, { agent, ...tls });
    })(),
  },
  { ...twice, name: 'got with one agent that keeps connections', call: gotWithOneAgent() },
  { ...twice, name: 'https with an agent for each certificate', call: keptByMaterial(byHttpsAgent) },
  { ...twice, name: 'undici with an agent for each certificate', call: keptByMaterial(byUndiciAgent) },
  { ...twice, name: 'undici with a pool for each certificate', call: keptByMaterial(byUndiciPool) },
  { ...twice, name: 'axios with an instance for each certificate', call: keptByMaterial(byAxios) },
  { ...twice, name: 'got with an instance for each certificate', call: keptByMaterial(byGot) },
  { ...twice, name: 'grpc-js with a channel for each certificate', startPeer: grpcPeer, call: keptByMaterial(byGrpc) },
  { ...twice, name: 'pg with a pool for each certificate', startPeer: postgresPeer, call: keptByMaterial(byPg) },
  { ...twice, name: 'ioredis with a connection for each certificate', startPeer: redisPeer, call: keptByMaterial(byRedis) },
  { ...twice, name: 'mqtt with a connection for each certificate', startPeer: mqttPeer, call: keptByMaterial(byMqtt) },
  {
    ...twice,
    name: 'https that reports a certificate which is not for clients',
    call: (peer) =>
      new X509Certificate(peer.tls.cert).keyUsage.includes(clientAuth)
        ? httpsClient()(peer)
        : Promise.reject(new Error('the certificate is not for TLS clients')),
  },
  {
    name: 'tls that does not renegotiate',
    versions: ['TLSv1.2'],
    within: { ids },
    call: tlsClient(() => ({ secureOptions: constants.SSL_OP_NO_RENEGOTIATION })),
  },
];

const clientAuth = '1.3.6.1.5.5.7.3.2';
