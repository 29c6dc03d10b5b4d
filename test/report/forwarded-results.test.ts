import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../src/cli/run/scenarios-report.ts';
import { runReport } from './run-report.ts';

test('scenarios about headers have a column of HTTP, a group of their own, and count for the coverage', async () => {
  await using run = await runReport(['forwarded.suite.ts'], { outputs: { files: { junitFile: 'junit.xml' } } });
  const target = run.report.targets.find(({ name }) => name.startsWith('takes the first'));
  const doubled = target?.results.find(({ id }) => id === 'forwarded-doubled-forged-first');
  const file = path.join(run.folder, 'again.json');
  writeFileSync(file, run.json);

  expect(target).toMatchObject({ underTest: 'server', versions: ['HTTP'] });
  expect(doubled).toMatchObject({
    version: 'HTTP',
    group: 'forwarded',
    tier: 'core',
    status: 'unexpected',
    severity: 'critical',
    expected: { verdict: 'rejected', by: 'server' },
  });
  expect(run.html).toContain('<th scope="col">HTTP</th>');
  expect(run.html).toContain('<code>forwarded-doubled-forged-first</code>');
  expect(run.output).toMatch(/unexpected HTTP: forwarded-doubled-forged-first/u);
  expect(readReport(file)).toContainEqual({
    key: 'server/forwarded-direct',
    version: 'HTTP',
    expected: 'rejected',
    status: 'unexpected',
  });
});
