import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';
import type { ClientCall } from '../../../src/scenarios/run/target.ts';
import { connect, httpsClient, httpsGet, requestTo } from '../correct-clients.ts';
import type { ClientUse, Mutant } from '../mutant.ts';
import { HostAgent, PortAgent } from '../two-calls/agents.ts';
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
  keptFromFirst,
} from '../two-calls/libraries.ts';
import { grpcPeer, mqttPeer, postgresPeer, redisPeer } from '../two-calls/peers.ts';

const both = { isNarrow: true, versions: ['TLSv1.3', 'TLSv1.2'] } as const;

/** Clients that answer a second call with what they have of the first. */
export const brokenSecondCalls: readonly Mutant<ClientUse>[] = [
  {
    ...both,
    name: 'https: one agent for all certificates',
    mistake: 'It makes its agent with the first certificate, and passes no other on.',
    caughtBy: [
      'client-swaps-certificate-on-one-agent',
      'client-certificate-reloaded',
      'client-reuses-session-after-trust-change',
      'client-holds-serverauth-only',
    ],
    call: keptFromFirst(byHttpsAgent),
  },
  {
    ...both,
    name: 'https: an agent that knows its connections by their host',
    mistake: 'The name under which its agent keeps connections and sessions does not depend on certificates and anchors (CVE-2026-56850).',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-reuses-session-after-trust-change'],
    call: ((): ClientCall => {
      const agent = new HostAgent({ keepAlive: true });
      return ({ url, tls: material }) => httpsGet(url, { agent, ...material });
    })(),
  },
  {
    ...both,
    name: 'https: an agent that knows its connections by their port',
    mistake: 'The name under which its agent keeps connections has the address that was resolved in place of the host.',
    caughtBy: ['client-reuses-session-for-other-name'],
    call: ((): ClientCall => {
      const agent = new PortAgent({ keepAlive: true });
      return ({ url, tls: material }) => httpsGet(url, { agent, ...material });
    })(),
  },
  {
    ...both,
    name: 'https: a session for each server',
    mistake: 'It resumes the last session of a server with any certificate and any anchors.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-reuses-session-after-trust-change', 'client-holds-serverauth-only'],
    call: ((): ClientCall => {
      const sessions = new Map<number, Buffer>();
      return ({ url, port, tls: material }) =>
        new Promise((resolve, reject) => {
          const session = sessions.get(port);
          const request = https.get(url, { agent: false, ...material, ...(session && { session }) }, (response) => {
            response.resume();
            response.on('end', resolve);
          });
          request.on('error', reject);
          request.on('socket', (socket) => socket.on('session', (next: Buffer) => sessions.set(port, next)));
        });
    })(),
  },
  {
    ...both,
    name: 'tls: a session for each address',
    mistake: 'It resumes the session of another name of the same address, and verifies no name then (CVE-2026-48934).',
    caughtBy: ['client-reuses-session-for-other-name'],
    call: resumingByAddress(),
  },
  {
    ...both,
    name: 'undici: one agent for all certificates',
    mistake: 'It makes its dispatcher at the first call and never again.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-after-trust-change'],
    call: keptFromFirst(byUndiciAgent),
  },
  {
    ...both,
    name: 'undici: one pool for a server',
    mistake: 'Its pool is of one origin and one certificate, and is used for others.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-for-other-name'],
    call: keptFromFirst(byUndiciPool),
  },
  {
    ...both,
    name: 'axios: one instance for all certificates',
    mistake: 'The agent of its instance is made with the certificate of the time when the program started.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded'],
    call: keptFromFirst(byAxios),
  },
  {
    ...both,
    name: 'got: one instance for all certificates',
    mistake: 'The agent of its instance is made with the anchors of the time when the program started.',
    caughtBy: ['client-certificate-reloaded', 'client-reuses-session-after-trust-change'],
    call: keptFromFirst(byGot),
  },
  {
    ...both,
    name: 'grpc-js: one channel',
    mistake: 'It keeps its channel, whose credentials cannot be changed.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-after-trust-change'],
    startPeer: grpcPeer,
    call: keptFromFirst(byGrpc),
  },
  {
    ...both,
    name: 'pg: one pool',
    mistake: 'Its pool gives out the connection of another user, and makes new ones with the old certificate.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-for-other-name'],
    startPeer: postgresPeer,
    call: keptFromFirst(byPg),
  },
  {
    ...both,
    name: 'ioredis: one connection',
    mistake: 'It connects again with the options that it was made with.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-after-trust-change'],
    startPeer: redisPeer,
    call: keptFromFirst(byRedis),
  },
  {
    ...both,
    name: 'mqtt: one connection',
    mistake: 'It connects again with the certificate that it was made with.',
    caughtBy: ['client-swaps-certificate-on-one-agent', 'client-certificate-reloaded', 'client-reuses-session-after-trust-change'],
    startPeer: mqttPeer,
    call: keptFromFirst(byMqtt),
  },
  {
    ...both,
    name: 'https: silent about a certificate that is not for clients',
    mistake: 'It leaves out a certificate without clientAuth, and goes on without one.',
    caughtBy: ['client-holds-serverauth-only'],
    call: httpsClient(({ tls: { cert } }) => (isForClients(cert) ? {} : { key: undefined, cert: undefined })),
  },
  {
    isNarrow: true,
    name: 'https: a name verified once',
    mistake: 'It remembers which hosts it has verified, and does not compare the name after a renegotiation.',
    versions: ['TLSv1.2'],
    caughtBy: ['server-renegotiates-other-certificate'],
    call: ((): ClientCall => {
      const verified = new Set<string>();
      const checkServerIdentity: typeof tls.checkServerIdentity = (host, certificate) => {
        const error = verified.has(host) ? undefined : tls.checkServerIdentity(host, certificate);
        if (!error) verified.add(host);
        return error;
      };
      return httpsClient(() => ({ checkServerIdentity }));
    })(),
  },
];

/** What it verifies a server by is the name of the session, since Node.js resumes a session for that alone (measured on 26.10). */
function resumingByAddress(): ClientCall {
  const kept = new Map<number, Pick<tls.ConnectionOptions, 'session' | 'servername'>>();
  return (peer) =>
    new Promise((resolve, reject) => {
      const { host, port } = peer;
      const { servername = host, session } = kept.get(port) ?? {};
      const options = session ? { servername, session } : {};
      const socket = connect(peer, options, () => socket.write(requestTo(peer)));
      socket.on('session', (next) => kept.set(port, { servername, session: next }));
      socket.on('error', reject);
      socket.on('data', () => socket.end());
      socket.on('close', () => resolve('ok'));
    });
}

function isForClients(cert: string): boolean {
  return new X509Certificate(cert).keyUsage.includes('1.3.6.1.5.5.7.3.2');
}
