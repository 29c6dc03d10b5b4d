import { createHash, randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../src/index.ts';
import { clientFlightFaults } from '../../src/faults/flights/client/client-flight-fault.ts';
import { correctAuthorizers } from '../scenarios/authorizers.ts';
import {
  axiosAttempt,
  http2Attempt,
  httpsAttempt,
  httpsAttemptTwice,
  undiciFetchAttempt,
  undiciRequestAttempt,
} from './correct-attempts.ts';
import { expressServer, fastifyServer, http2Server, httpsServer, mutualTls, reachable, tlsServer } from './correct-servers.ts';
import { deciding, type Decision } from './deciding-servers.ts';
import { describeCorrectServer } from './correct-suite.ts';
import type { ApplicationServer, ServerUse, Subject } from './mutant.ts';
import { ocspServer, ocspTlsServer } from './ocsp-servers.ts';
import { namesServer } from './own-process/names-server-process.ts';
import { ocspIds } from '../support/ocsp-ids.ts';

const pki = createPki({ name: 'correct servers' });
const ticketKeys = randomBytes(48);
const id = 'spiffe://example.test/workload';

/** An option of Node.js 24.21 and later, which others read over. */
const compressing = { certificateCompression: ['zlib', 'brotli'] } as const;
/** It takes thousands of turns of the event loop, each of which waits for whatever runs concurrently. */
const slow = 'one-byte-at-a-time';
const both = { versions: ['TLSv1.3', 'TLSv1.2'], within: { tiers: ['core', 'control'], except: [slow] } } as const;
const used = { stack: 'node', within: { tiers: ['core', 'control'], except: [slow] } } as const;
const application = { stack: 'node', within: { tiers: ['core', 'control'] } } as const;

const byOcsp = {
  versions: ['TLSv1.3', 'TLSv1.2'],
  within: { ids: ocspIds },
} as const;
/** They read the chain that their client has sent, which servers of Node.js 24.21 do not give. */
const withChains: readonly Subject<ServerUse>[] = process.versions.node.startsWith('24.')
  ? []
  : [
      { ...byOcsp, name: 'https that asks OCSP responders by POST', ...ocspServer() },
      { ...byOcsp, name: 'https that asks OCSP responders by GET', ...ocspServer({ method: 'GET' }) },
      { ...byOcsp, name: 'tls that asks OCSP responders after the handshake', ...ocspTlsServer({ ends: true }) },
    ];

const servers: readonly Subject<ServerUse>[] = [
  ...withChains,
  { ...both, name: 'tls', start: (configuration) => tlsServer(mutualTls(configuration)) },
  { ...both, name: 'https', start: (configuration) => httpsServer(mutualTls(configuration)) },
  { ...both, name: 'http2', start: (configuration) => http2Server(mutualTls(configuration)) },
  { ...both, name: 'express', start: (configuration) => expressServer(mutualTls(configuration)) },
  { ...both, name: 'fastify', start: (configuration) => fastifyServer(mutualTls(configuration)) },
  {
    ...used,
    name: 'https in a process of its own, with a callback for names',
    within: { ids: ['sni-unknown', 'sni-unknown-without-certificate', 'sni-absent', 'unknown-ca'] },
    start: (configuration) => namesServer(configuration, 'careful'),
  },
  {
    name: 'https that takes compressed certificates',
    versions: ['TLSv1.3'],
    within: { ids: clientFlightFaults.filter((name) => name.startsWith('client-compressed-certificate-')) },
    start: (configuration) => httpsServer({ ...mutualTls(configuration), ...compressing }),
  },
  { ...used, name: 'tls known by its address', start: (configuration) => reachable(tlsServer(mutualTls(configuration))) },
  {
    name: 'https, rotated',
    within: { group: 'revocation', tiers: ['control', 'extended'] },
    run: (own) => startHttpsServer((_request, response) => response.end('ok'), { identity: own.server() }),
  },
  {
    name: 'https with lasting ticket keys, and sessions that belong to its anchors and CRLs',
    versions: both.versions,
    within: { group: 'protocol', tiers: ['core'] },
    start: (configuration) => {
      const { trust, crl = [] } = configuration;
      const sessionIdContext = createHash('sha256')
        .update([trust, ...crl].join(''))
        .digest('hex')
        .slice(0, 32);
      return httpsServer({ ...mutualTls(configuration), ticketKeys, sessionIdContext });
    },
  },
  { ...application, name: 'express that looks at authorized, used by https', ...authorized('express', httpsAttempt) },
  { ...application, name: 'express that looks at authorized, used by axios', ...authorized('express', axiosAttempt) },
  { ...application, name: 'fastify that looks at authorized, used by undici request', ...authorized('fastify', undiciRequestAttempt) },
  { ...application, name: 'fastify that looks at authorized, used by undici fetch', ...authorized('fastify', undiciFetchAttempt) },
  {
    ...application,
    name: 'http2 that looks at authorized with each stream',
    ...authorized('http2', ({ port }) => http2Attempt({ port, streams: 2 })),
  },
  { name: 'https that looks at authorized with each request', ...authorized('https', httpsAttemptTwice) },
  {
    name: 'fastify that authorizes by common name',
    authorizes: { commonName: 'client' },
    ...deciding({
      server: 'fastify',
      client: undiciFetchAttempt,
      tls: 'leaves it',
      lets: ({ socket }) => socket.authorized && socket.getPeerCertificate().subject.CN === 'client',
    }),
  },
  {
    name: 'https that authorizes by subject',
    authorizes: { subject: 'OU=payments, CN=client' },
    within: { tiers: ['app'] },
    ...deciding({
      server: 'https',
      client: axiosAttempt,
      tls: 'verifies',
      lets: ({ socket }) => socket.getPeerX509Certificate()?.subject === 'OU=payments\nCN=client',
    }),
  },
  {
    name: 'express that authorizes by SPIFFE id',
    authorizes: { spiffeId: id },
    within: { tiers: ['app'] },
    ...deciding({
      server: 'express',
      client: undiciRequestAttempt,
      tls: 'verifies',
      lets: ({ socket }) => socket.getPeerCertificate().subjectaltname === `URI:${id}`,
    }),
  },
  {
    name: 'tls that authorizes by SVID',
    authorizes: { x509Svid: id },
    within: { tiers: ['app'] },
    run: (own) =>
      startTlsServer({
        identity: own.server(),
        verifyPeer: (peer) => correctAuthorizers.x509Svid(peer, id, own.anchors) || 'another workload',
      }),
  },
  {
    name: 'tls that authorizes by SPIFFE id and bundle',
    authorizes: { federatedSpiffeId: id },
    within: { tiers: ['app'] },
    run: (own) =>
      startTlsServer({
        identity: own.server(),
        verifyPeer: (peer) => correctAuthorizers.federatedSpiffeId(peer, id, own.anchors) || 'another workload',
      }),
  },
  {
    name: 'tls that authorizes by user principal name',
    authorizes: { userPrincipalName: 'client@example.test' },
    within: { tiers: ['app'] },
    run: (own) =>
      startTlsServer({
        identity: own.server(),
        verifyPeer: (peer) => correctAuthorizers.userPrincipalName(peer, 'client@example.test', own.anchors) || 'another user',
      }),
  },
];

for (const server of servers) describeCorrectServer(server, pki);

describe('when the peer is slow', () => {
  for (const server of servers.filter(({ within = {} }) => within.except))
    describeCorrectServer({ ...server, within: { ids: [slow] } }, pki);
});

/** An application to which TLS leaves the decision, and that takes the word of TLS for it. */
function authorized(server: Decision['server'], client: Decision['client']): ApplicationServer {
  return deciding({ server, client, tls: 'leaves it', lets: ({ socket }) => socket.authorized });
}
