import { accepted } from '../protocol-definition.ts';
import { forReloads } from './reload-definition.ts';
import type { ReloadScenario } from './reload-scenario.ts';

/** Connections that outlive what their handshake was judged by. TLS leaves it to the application; expected is the answer of Node.js and OpenSSL, which go on. */
export const lifetimes = (): readonly ReloadScenario[] =>
  forReloads(
    'lifetime',
    {
      id: 'lifetime-idle-after-reload',
      title: 'the next request on a connection that was idle during a reload',
      differs: 'the server has reloaded its key since the last request',
      tier: 'varies',
      references: [],
      trial: { kind: 'open-connection', change: 'key', state: 'idle' },
      expected: accepted,
    },
    {
      id: 'lifetime-certificate-expired',
      title: "the next request on a connection whose client's certificate has expired",
      differs: "the client's certificate has expired since the handshake",
      tier: 'varies',
      references: [],
      cwes: ['CWE-613'],
      trial: { kind: 'open-connection', change: 'expiry', state: 'idle' },
      expected: accepted,
    },
    {
      id: 'lifetime-anchor-removed',
      title: "the next request on a connection whose client's CA is no longer trusted",
      differs: "the server has reloaded a file of trust anchors without the client's CA",
      tier: 'varies',
      references: [],
      cwes: ['CWE-613'],
      trial: { kind: 'open-connection', change: 'anchors', state: 'idle' },
      expected: accepted,
    },
    {
      id: 'lifetime-certificate-revoked',
      title: 'the next request on a connection whose client is on the CRL since',
      differs: "the server has reloaded a CRL with the client's certificate",
      tier: 'varies',
      references: [],
      cwes: ['CWE-613'],
      needsCrl: true,
      trial: { kind: 'open-connection', change: 'crl', state: 'idle' },
      expected: accepted,
    },
  );
