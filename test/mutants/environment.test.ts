import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { axiosClient, http2Client, httpsClient, tlsClient, undiciFetch } from './correct-clients.ts';
import { httpsServer, mutualTls } from './correct-servers.ts';
import { judgeClient, judgeServer } from './judge.ts';
import type { ClientUse, Mutant } from './mutant.ts';
import { alarms, Report } from './report.ts';

// The variable holds for the whole process, so these have a file, and a process, of their own.
const pki = createPki({ name: 'environment' });
const mistake = 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, which turns off all verification of all clients.';
const catching = { mistake, isNarrow: true, caughtBy: ['unknown-ca', 'expired-leaf', 'wrong-host'] } as const;
const report = new Report('Correct clients under NODE_TLS_REJECT_UNAUTHORIZED=0, and the scenarios that catch them');

const clients: readonly Mutant<ClientUse>[] = [
  { ...catching, name: 'tls: NODE_TLS_REJECT_UNAUTHORIZED=0', call: tlsClient() },
  { ...catching, name: 'https: NODE_TLS_REJECT_UNAUTHORIZED=0', call: httpsClient() },
  { ...catching, name: 'http2: NODE_TLS_REJECT_UNAUTHORIZED=0', call: http2Client() },
  { ...catching, name: 'undici fetch: NODE_TLS_REJECT_UNAUTHORIZED=0', call: undiciFetch() },
  { ...catching, name: 'axios: NODE_TLS_REJECT_UNAUTHORIZED=0', call: axiosClient() },
];

beforeAll(() => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
});
afterAll(() => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
});

test.for(clients)('$name is caught', async (client) => {
  const judgements = await judgeClient(client, pki);

  expect(report.caught(client.name, judgements)).toEqual(expect.arrayContaining([...client.caughtBy]));
});

test('a server is judged as ever, for the variable is about clients', async () => {
  const judgements = await judgeServer(
    { name: 'https', within: { group: 'trust' }, start: (configuration) => httpsServer(mutualTls(configuration)) },
    pki,
  );

  expect(alarms(judgements)).toEqual([]);
});
