import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { type ServerFlightFault, serverFlightFaults, versionsOfFlight } from '../../../src/faults/flights/server/server-flight-fault.ts';
import { describeWith, type Tool } from '../judges.ts';
import { curl } from './curl.ts';
import { gnutlsCli } from './gnutls.ts';
import { go, java, mbedtls, python, wolfssl } from './languages.ts';
import { versionOf } from './measured.ts';
import { sClient } from './openssl.ts';
import type { ClientPeer, PeerStack } from './peer.ts';
import { clientProgram } from './programs.ts';
import { answerTo } from './server-flights.ts';

interface Row {
  readonly tool: Tool;
  readonly stack: PeerStack;
  /** Its column in the table, by what the stack says of its version. */
  readonly measured: readonly { readonly says: string; readonly as: string }[];
  readonly start: () => Promise<ClientPeer>;
}

const rows: readonly Row[] = [
  { tool: 'openssl', stack: 'openssl', measured: [{ says: 'OpenSSL 3.0.', as: 'openssl' }], start: async () => sClient() },
  { tool: 'curl', stack: 'curl', measured: [{ says: 'OpenSSL/3.0.', as: 'curl' }], start: async () => curl() },
  { tool: 'gnutls', stack: 'gnutls', measured: [{ says: 'gnutls-serv 3.7.', as: 'gnutls' }], start: async () => gnutlsCli() },
  {
    tool: 'go',
    stack: 'go',
    measured: [
      { says: 'go1.19', as: 'go-1.19' },
      { says: 'go1.26', as: 'go-1.26' },
    ],
    start: () => clientProgram(go),
  },
  { tool: 'java', stack: 'java', measured: [{ says: '"17.', as: 'java' }], start: () => clientProgram(java) },
  { tool: 'python3', stack: 'python', measured: [{ says: 'OpenSSL 3.0.', as: 'python' }], start: () => clientProgram(python) },
  {
    tool: 'wolfssl',
    stack: 'wolfssl',
    measured: [{ says: '5.5.', as: 'wolfssl' }],
    start: () => clientProgram(wolfssl),
  },
  {
    tool: 'mbedtls',
    stack: 'mbedtls',
    measured: [{ says: '2.28.', as: 'mbedtls' }],
    start: () => clientProgram(mbedtls),
  },
];

const pki = createPki({ name: 'server flights' });
// The file is the project's own; a value of another type would fail the test.
const table = JSON.parse(readFileSync('fixtures/measured/server-flights.json', 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** Without their edits the servers of the others are the same as one of these. */
const differentServers = ['certificate-empty', 'certificate-verify-pkcs1', 'finished-alone', 'hello-retry-request-twice'] as const;

for (const { tool, stack, measured, start } of rows)
  describeWith(tool)(`a client of ${stack}`, () => {
    test('accepts the flights that are not edited, and answers those that are as was measured', { timeout: 120_000 }, async () => {
      await using client = await start();
      const installed = versionOf(stack);
      const column = measured.find(({ says }) => installed.includes(says))?.as ?? '';

      const controls = await answersOf(client, { flights: differentServers, unedited: true });
      const answers = await answersOf(client, { flights: serverFlightFaults, unedited: false });

      expect(new Set(Object.values(controls).flatMap((byVersion) => Object.values(byVersion)))).toEqual(new Set(['accepted']));
      expect(Object.keys(controls).length).toBeGreaterThan(0);
      expect(answers).toEqual(table[column] ?? answers); // another version may answer otherwise
    });
  });

async function answersOf(
  client: ClientPeer,
  { flights, unedited }: { readonly flights: readonly ServerFlightFault[]; readonly unedited: boolean },
): Promise<Record<string, Record<string, string>>> {
  const answers: Record<string, Record<string, string>> = {};
  for (const flight of flights)
    for (const version of versionsOfFlight(flight)) {
      const { answer } = await answerTo(client, { pki, flight, version, unedited });
      if (answer !== 'not offered') answers[flight] = { ...answers[flight], [version]: answer };
    }
  return answers;
}
