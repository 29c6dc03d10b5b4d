import https from 'node:https';
import tls from 'node:tls';
import { afterAll, describe } from 'vitest';
import { createPki } from '../../src/index.ts';
import { axiosClient, gotClient, http2Client, httpsClient, httpsGet, tlsClient, undiciFetch, undiciRequest } from './correct-clients.ts';
import { describeCorrectClient } from './correct-suite.ts';
import type { ClientUse, Subject } from './mutant.ts';
import { correctSecondCalls } from './two-calls/correct.ts';

const pki = createPki({ name: 'correct clients' });
const id = 'spiffe://example.test/workload';
/** It takes thousands of turns of the event loop, each of which waits for whatever runs concurrently. */
const slow = 'server-one-byte-at-a-time';
const both = { versions: ['TLSv1.3', 'TLSv1.2'], within: { tiers: ['core', 'control'], except: [slow] } } as const;
const patient = new https.Agent({ keepAlive: true });

const clients: readonly Subject<ClientUse>[] = [
  { ...both, name: 'tls', call: tlsClient() },
  { ...both, name: 'https', call: httpsClient() },
  { ...both, name: 'http2', call: http2Client() },
  { ...both, name: 'undici fetch', call: undiciFetch() },
  { ...both, name: 'undici request', call: undiciRequest() },
  { ...both, name: 'axios', call: axiosClient() },
  { name: 'got', call: gotClient() },
  {
    name: 'https with an agent that keeps connections',
    within: { group: 'trust' },
    call: ({ url, tls: material }) => httpsGet(url, { agent: patient, ...material }),
  },
  { name: 'https with partial chains', within: { group: 'trust' }, call: httpsClient(() => ({ allowPartialTrustChain: true })) },
  {
    name: 'tls that looks at authorized before it sends',
    call: tlsClient(
      () => ({ rejectUnauthorized: false }),
      (socket) => socket.authorized,
    ),
  },
  {
    name: 'https with a time-out',
    within: { group: 'protocol', tiers: ['varies'] },
    call: ({ url, tls: material }) => httpsGet(url, { agent: false, signal: AbortSignal.timeout(1500), ...material }),
  },
  {
    name: 'https that authorizes by SPIFFE id',
    authorizes: { spiffeId: id },
    within: { tiers: ['app'] },
    call: httpsClient(() => ({
      checkServerIdentity: (host, certificate) =>
        tls.checkServerIdentity(host, certificate) ??
        (certificate.subjectaltname
          ?.split(', ')
          .filter((name) => name.startsWith('URI:'))
          .join() === `URI:${id}`
          ? undefined
          : new Error('the server is not the workload')),
    })),
  },
];

afterAll(() => patient.destroy());

for (const client of clients) describeCorrectClient(client, pki);

describe('when it is called twice', () => {
  for (const client of correctSecondCalls) describeCorrectClient(client, pki);
});

describe('when the peer is slow', () => {
  for (const client of clients.filter(({ within = {} }) => within.except))
    describeCorrectClient({ ...client, within: { ids: [slow] } }, pki);
});
