import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../src/index.ts';
import { clientScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import { runScenario } from '../../src/scenarios/run/run-scenario.ts';
import { blockBelow, masked } from './shown-output.ts';
import { projectRoot } from './syntax.ts';

const pki = createPki({ name: 'shop' });
const linesOf = (page: string, marker: string): string[] =>
  blockBelow(readFileSync(path.join(projectRoot, page), 'utf8'), marker).map(masked);

test('docs/seeing-the-handshake.md shows the transcript that explain() prints', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, { identity: pki.client('bob', { notAfter: new Date(Date.now() - 60_000) }) });

  expect(linesOf('docs/seeing-the-handshake.md', '<!-- from handshake.explain() of an expired client -->')).toEqual(
    handshake.explain().split('\n').map(masked),
  );
});

test('docs/testing-a-server.md shows lines of the failure that a suite prints', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
  const scenario = clientScenarios.find(({ id }) => id === 'expired-leaf');

  const { message, handshake } = await runScenario(scenario ?? raise(), { pki, target: server, version: 'TLSv1.3' });
  const printed = masked([message, handshake?.explain()].join(' ').replaceAll('\n', ' '));

  const shown = linesOf('docs/testing-a-server.md', '<!-- from the failure of expired-leaf -->').filter((line) => line !== '');
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((line) => !printed.includes(line.trim()))).toEqual([]);
});

test('what differs from run to run is masked, and nothing else', () => {
  expect(masked('  1.3 ms  expired at 2026-11-23T12:24:46Z, alert 45, in a-test-47-1.pcapng')).toBe(
    ' <duration> expired at <time>, alert 45, in a-test-<number>.pcapng',
  );
});

function raise(): never {
  throw new Error('the catalogue has lost expired-leaf');
}
