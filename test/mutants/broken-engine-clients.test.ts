import { describe, expect, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { serverFlightFaults, versionsOfFlight } from '../../src/faults/flights/server/server-flight-fault.ts';
import { describeCorrectClient } from './correct-suite.ts';
import { http2Client, httpsClient } from './correct-clients.ts';
import { brokenEngineClients } from './engine-clients/broken.ts';
import { engineClient } from './engine-clients/engine-client.ts';
import { judgeClient } from './judge.ts';
import { Report } from './report.ts';

const pki = createPki({ name: 'broken engine clients' });
const report = new Report('Broken clients on the test engine, and the scenarios that catch them');
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test.concurrent.for(brokenEngineClients)('$name is caught', async (mutant, { expect: expectHere }) => {
  const judgements = await judgeClient(mutant, pki);

  expectHere(report.missed(mutant, judgements)).toEqual([]);
});

test('at least fifteen checks are left out, each by a client of its own', () => {
  expect(new Set(brokenEngineClients.map(({ name }) => name)).size).toBeGreaterThanOrEqual(15);
});

describe('the same clients with all of their checks', () => {
  for (const version of versions)
    describeCorrectClient(
      {
        name: `the engine over ${version}`,
        versions: [version],
        within: { ids: idsOf(version) },
        call: engineClient(version, version === 'TLSv1.3' ? { certificateCompression: ['zlib'], resumes: true } : {}),
      },
      pki,
    );
});

describe("Node's own client", () => {
  describeCorrectClient(
    { name: 'https', versions, within: { ids: serverFlightFaults.map((flight) => `server-${flight}`) }, call: httpsClient() },
    pki,
  );
});

describe('a client of HTTP/2', () => {
  const ids = ['server-certificate-empty', 'server-certificate-verify-left-out', 'server-certificate-request-unknown-extension'];
  describeCorrectClient({ name: 'http2', versions: ['TLSv1.3'], within: { ids }, call: http2Client() }, pki);
});

function idsOf(version: (typeof versions)[number]): string[] {
  return serverFlightFaults.filter((flight) => versionsOfFlight(flight).includes(version)).map((flight) => `server-${flight}`);
}
