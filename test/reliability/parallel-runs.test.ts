import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { NeighbourLine } from './suites/neighbour.ts';
import { ended, projectRoot, startVitest } from './run-vitest.ts';
import { patience } from './size.ts';

test('two shards of four workers each, at once, do not touch each other', { timeout: patience }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtls-fixtures-neighbours-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const names = Array.from({ length: 8 }, (_unused, index) => `neighbour-${index}`);
  for (const name of names) writeFileSync(path.join(folder, `${name}.suite.ts`), suite(name));
  const config = path.join(folder, 'vitest.config.ts');
  writeFileSync(config, configuration);
  const log = path.join(folder, 'log');
  const captures = path.join(folder, 'captures');

  const reports = await Promise.all(
    ['1/2', '2/2'].map(async (shard) => {
      const report = path.join(folder, `report-${shard.slice(0, 1)}.json`);
      const options = [
        '--config',
        config,
        '--root',
        folder,
        `--shard=${shard}`,
        '--maxWorkers=4',
        '--reporter=json',
        `--outputFile=${report}`,
      ];
      await ended(startVitest(options, { NEIGHBOURS_LOG: log, MTLS_FIXTURES_CAPTURES: captures }));
      return JSON.parse(readFileSync(report, 'utf8')) as Report; // Vitest's JSON reporter
    }),
  );
  const lines = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as NeighbourLine); // each neighbour's own

  expect(reports.map(({ numPassedTests, numFailedTests }) => [numPassedTests, numFailedTests])).toEqual([
    [4, 4],
    [4, 4],
  ]);
  expect(lines.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(new Set(lines.map(({ directory }) => directory)).size).toBe(8);
  expect(new Set(lines.map(({ ownRoot }) => ownRoot)).size).toBe(8);
  expect(new Set(lines.map(({ runRoot }) => runRoot)).size).toBe(2); // a PKI for each run, which its workers share
  expect(readdirSync(captures).filter((name) => name.endsWith('.pcapng'))).toHaveLength(8);
});

function suite(name: string): string {
  const neighbour = path.join(import.meta.dirname, 'suites', 'neighbour.ts');
  return `import { registerNeighbour } from ${JSON.stringify(neighbour)};\nregisterNeighbour(${JSON.stringify(name)});\n`;
}

const configuration = `
  export default { test: {
    include: ['*.suite.ts'], retry: 0, testTimeout: 60_000,
    globalSetup: [${JSON.stringify(path.join(projectRoot, 'src/vitest/global-setup.ts'))}],
  } };
`;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}
