import { test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { clientFlightFaults } from '../../src/faults/flights/client/client-flight-fault.ts';
import { brokenEngineServers } from './flights/broken-engine-servers.ts';
import { engineServer } from './flights/engine-server.ts';
import { judgeServer } from './judge.ts';
import { alarms, Report } from './report.ts';

const pki = createPki({ name: 'broken flights' });
const report = new Report('Servers that leave a check out, and the edited flights that catch them');

test.concurrent.for(brokenEngineServers)('$name is caught', async (mutant, { expect }) => {
  const judgements = await judgeServer(mutant, pki);

  expect(report.missed(mutant, judgements)).toEqual([]);
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'the same server that leaves nothing out refuses every edited flight (%s)',
  async (version, { expect }) => {
    const subject = {
      name: 'engine',
      versions: [version],
      within: { ids: clientFlightFaults },
      ...engineServer({ version, hasTls13: true }),
    };

    const judgements = await judgeServer(subject, pki);

    expect(alarms(judgements)).toEqual([]);
  },
);

test('the same server that takes compressed certificates too refuses those that are not what they say', async ({ expect }) => {
  const subject = {
    name: 'engine',
    versions: ['TLSv1.3' as const],
    within: { ids: clientFlightFaults.filter((id) => id.startsWith('client-compressed-certificate-')) },
    ...engineServer({ version: 'TLSv1.3', certificateCompression: ['zlib'] }),
  };

  const judgements = await judgeServer(subject, pki);
  const judged = judgements.filter(({ status }) => status === 'as-expected').map(({ id }) => id);

  expect(alarms(judgements)).toEqual([]);
  expect(subject.within.ids.filter((id) => !judged.some((each) => each === id))).toEqual(['client-compressed-certificate-unasked']); // it has asked for one
});
