import { afterAll, beforeAll, describe } from 'vitest';
import type https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createPki } from '../../src/index.ts';
import type { AttemptFunction } from '../../src/scenarios/index.ts';
import { describeServerUnderTest } from '../../src/vitest/index.ts';
import { usualConfiguration } from '../../src/scenarios/run/server/server-under-test.ts';
import { ocspServer } from '../mutants/ocsp-servers.ts';

const pki = createPki();
/** An https server that asks, and lets in whoever has no answer; it reads the chain of its client, which servers of Node.js 24.21 do not give. */
const { serve, attempt } = ocspServer({
  lets: async (status) => ['good', 'Error: HTTP 503'].includes(await status().catch(String)),
});
let server: https.Server;
beforeAll(async () => {
  server = (await serve(usualConfiguration({ pki }))) as https.Server; // which it is
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
const get: AttemptFunction = async (material) => attempt((server.address() as AddressInfo).port)(material); // it listens on TCP

describe.skipIf(process.versions.node.startsWith('24.'))('OCSP of client certificates', () => {
  // #region suite
  describeServerUnderTest(
    'the proxy, which asks OCSP responders',
    { attempt: (tls) => get(tls) }, // one request; rejects for an HTTP status of 400 and above
    {
      pki,
      only: [
        'ocsp-client-revoked',
        'ocsp-client-stale',
        'ocsp-client-forged',
        'ocsp-client-wrong-issuer',
        'ocsp-client-other-certificate',
        'ocsp-client-unknown',
        'ocsp-client-responder-down',
      ],
      expected: { 'ocsp-client-responder-down': { verdict: 'accepted' } }, // it fails softly, which was decided
    },
  );
  // #endregion
});
