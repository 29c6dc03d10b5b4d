import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Coverage } from '../../../src/cli/run/scenarios-coverage.ts';
import { boundTokenScenarios } from '../../../src/scenarios/catalogue/bound-token-catalogue.ts';
import { clientScenarios, serverScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { forwardedScenarios } from '../../../src/scenarios/catalogue/forwarded-catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { blockBelow } from '../../meta/shown-output.ts';
import { runCommand } from '../transcripts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rejected = { verdict: 'rejected', by: 'server' };
const result = (id: string, status: string, more = {}): object => ({
  kind: 'scenario',
  id,
  status,
  version: 'TLSv1.3',
  expected: rejected,
  ...more,
});
const report = {
  version: 1,
  generator: 'mtls-fixtures',
  targets: [
    {
      underTest: 'server',
      results: [
        result('control', 'as-expected', { kind: 'control' }),
        result('expired-leaf', 'as-expected'),
        result('expired-leaf', 'unexpected'),
        result('unknown-ca', 'skipped'),
        result('crl-revoked-leaf', 'not-judged'),
        result('tls11-only', 'as-expected'),
        result('self-signed-leaf', 'as-expected', { expected: { verdict: 'accepted' } }),
        result('identity-wrong-cn', 'as-expected', { expected: { verdict: 'accepted' } }),
        result('spiffe-no-uri-san', 'as-expected'),
        result('forwarded-direct', 'as-expected', { version: 'HTTP' }),
        result('bound-token-of-another-key', 'as-expected'),
        result('of-a-later-version', 'as-expected'),
      ],
    },
    { underTest: 'client', results: [result('san-embedded-nul', 'as-expected')] },
  ],
};
writeFileSync(path.join(folder, 'report.json'), JSON.stringify(report));
const total = [clientScenarios, serverScenarios, protocolScenarios, forwardedScenarios, boundTokenScenarios].flat().length;

test('what was judged is covered, with what was unexpected and what is missing', async () => {
  const { output, exitCode } = await runCommand(['scenarios', '--coverage', 'report.json', '--json'], folder);
  const { scenarios, controls, cves, cwes } = JSON.parse(output) as Coverage; // what is tested
  const control = (id: string): unknown => controls.find((each) => each.id === id);

  expect(exitCode).toBe(0);
  expect(scenarios).toMatchObject({
    total,
    judged: 6,
    unexpected: ['server/expired-leaf'],
  });
  expect(control('ASVS-v5.0.0-12.1.3')).toMatchObject({ covered: true, judged: 2, unexpected: ['server/expired-leaf'], clause: '12.1.3' });
  // Skipped and not judged is not covered, and a server's result does not cover what a client has to do.
  expect(control('ASVS-v5.0.0-12.1.4')).toMatchObject({
    covered: false,
    judged: 0,
    missing: expect.arrayContaining(['server/crl-revoked-leaf']),
  });
  // What the suite was told to accept shows nothing; the application that refuses an impersonated peer does.
  expect(control('ASVS-v5.0.0-12.3.4')).toMatchObject({ covered: false, missing: expect.arrayContaining(['server/self-signed-leaf']) });
  expect(control('ASVS-v5.0.0-12.3.5')).toMatchObject({ judged: 1, missing: expect.arrayContaining(['server/identity-wrong-cn']) });
  expect(control('SP800-52r2-3.5.2')).toMatchObject({ covered: false });
  expect(control('ASVS-v5.0.0-12.3.2')).toMatchObject({
    covered: true,
    judged: 1,
    unexpected: [],
    missing: expect.arrayContaining(['client/expired-leaf']),
  });
  expect(control('SP800-52r2-3.1')).toMatchObject({ covered: true, judged: 1, total: 5 });
  expect(control('ASVS-v5.0.0-4.1.3')).toMatchObject({
    covered: true,
    judged: 1,
    missing: expect.arrayContaining(['server/forwarded-underscores']),
  });
  expect(control('ASVS-v5.0.0-10.3.5')).toMatchObject({ covered: true, missing: expect.arrayContaining(['server/bound-token-unbound']) });
  expect(cves.find(({ id }) => id === 'CVE-2009-2408')).toMatchObject({ covered: true, judged: 1 });
  expect(cves.find(({ id }) => id === 'CVE-2022-21449')).toMatchObject({ covered: false, judged: 0, total: 3 });
  expect(cwes.find(({ id }) => id === 'CWE-298')).toMatchObject({ covered: true, title: 'Improper Validation of Certificate Expiration' });
  expect(cwes.find(({ id }) => id === 'CWE-299')).toMatchObject({ covered: false });
});

test('as text it is a table of each, and --role and --tier choose a part of the catalogue', async () => {
  const { output } = await runCommand(['scenarios', '--coverage', 'report.json'], folder);
  const { output: part } = await runCommand(
    ['scenarios', '--coverage', 'report.json', '--role', 'protocol', '--tier', 'core', '--json'],
    folder,
  );
  const core = protocolScenarios.filter(({ tier }) => tier === 'core').length;

  expect(output).toContain(`6 of ${total} scenarios were judged;`);
  expect(output).toMatch(/^OWASP ASVS 5\.0\.0 12\.1\.3 +unexpected +2 of \d+ +server\/expired-leaf$/mu);
  expect(output).toMatch(/^OWASP ASVS 5\.0\.0 12\.1\.4 +not covered +0 of \d+$/mu);
  expect(output).toMatch(/^CVE-2009-2408 +covered +1 of 3$/mu);
  const shown = blockBelow(
    readFileSync('docs/ci-outputs.md', 'utf8'),
    '<!-- lines of --coverage, from test/cli/run/scenarios-coverage.test.ts -->',
  );
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((line) => !output.split('\n').includes(line))).toEqual([]);
  expect(JSON.parse(part)).toMatchObject({ scenarios: { total: core, judged: 1 } });
});

test.for<readonly [what: string, content: string | undefined, problem: string]>([
  ['no file', undefined, 'ENOENT: no such file or directory'],
  ['no JSON', '<testsuites/>', 'it is not JSON'],
  ['null', 'null', 'it is not a report of mtls-fixtures/reporter'],
  ['the JSON of another program', '{"results":[]}', 'it is not a report of mtls-fixtures/reporter'],
  ['a later version', JSON.stringify({ ...report, version: 2 }), 'it has version 2, and this is for version 1'],
  ['a target that is damaged', JSON.stringify({ ...report, targets: [7] }), 'a target in it is damaged'],
  [
    'a result that is damaged',
    JSON.stringify({ ...report, targets: [{ underTest: 'server', results: [{ id: 'valid' }] }] }),
    'a result in it is damaged',
  ],
])('%s is one line, and exit code 2', async ([, content, problem]) => {
  const name = `bad ${problem.length}.json`;
  if (content !== undefined) writeFileSync(path.join(folder, name), content);

  expect(await runCommand(['scenarios', '--coverage', name], folder)).toEqual({
    output: `Cannot read the report "${name}": ${problem}; pass the jsonFile of mtls-fixtures/reporter, of the same version (REPORT_INVALID)\n`,
    exitCode: 2,
  });
});

test('a folder is not a report, and an id does not go with it', async () => {
  expect(await runCommand(['scenarios', '--coverage', '.'], folder)).toMatchObject({
    output: expect.stringMatching(/^Cannot read the report "\.": EISDIR: [^\n]+\n$/u),
    exitCode: 2,
  });
  expect(await runCommand(['scenarios', 'expired-leaf', '--coverage', 'report.json'], folder)).toMatchObject({
    output: expect.stringMatching(/"expired-leaf"[^\n]*absent with --coverage[^\n]*\n$/u),
    exitCode: 2,
  });
});
