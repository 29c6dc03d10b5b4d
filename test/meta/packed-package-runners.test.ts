import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { consumerNode, packProject, programOf, run, runAnyway, type PackedPackage } from './packed-package.ts';
import { jests, vitests } from './fetched-runtimes.ts';

let folder: string;
let packed: PackedPackage;

beforeAll(() => {
  folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'mtls-fixtures-packed-'));
  packed = packProject(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('node:test runs a catalogue against a server, and uses the assertions', () => {
  const project = packed.install('node-test');

  const { status, output } = runAnyway(consumerNode, ['--test', '--test-reporter=tap'], project);

  expect(status, output).toBe(0);
  const [passed, skipped] = ['pass', 'skipped'].map((word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'mu').exec(output)?.[1]));
  expect(passed).toBeGreaterThan(65);
  expect(skipped).toBeLessThan(10); // what this client's TLS engine does not send
});

describe.for(jests())('%s', ([name, jest]) => {
  test('runs a catalogue against a client, and uses the matchers, in ES modules', () => {
    const project = packed.install('jest', { jest });

    const { status, complaint } = runAnyway(consumerNode, ['--experimental-vm-modules', programOf('jest', jest), '--ci'], project);

    expect(status, complaint).toBe(0);
    expect(Number(/^Tests: +(\d+) passed/mu.exec(complaint)?.[1])).toBeGreaterThan(100);
  });

  // Jest 30 takes Node's own loader away, and has one for `require` of ES modules on Node 24.9 and later.
  test.skipIf(name === 'Jest 30' && process.version.startsWith('v22.'))('requires the package in CommonJS', () => {
    const project = packed.install('jest-require', { jest });

    const flags = name === 'Jest 30' ? ['--experimental-vm-modules'] : [];
    const { status, complaint } = runAnyway(consumerNode, [...flags, programOf('jest', jest), '--ci'], project);

    expect(status, complaint).toBe(0);
    expect(complaint).toMatch(/^Tests: +4 passed, 4 total/mu);
  });
});

test('Mocha uses the assertions, in ES modules and in CommonJS', () => {
  const project = packed.install('mocha');

  const { status, output } = runAnyway(consumerNode, [programOf('mocha')], project);

  expect(status, output).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ stats: { suites: 1, passes: 5, failures: 0, pending: 0 } });
});

test('Playwright Test uses the matchers, and its requests present certificates', () => {
  const project = packed.install('playwright');

  const { output } = runAnyway(consumerNode, [programOf('@playwright/test'), 'test'], project);
  const { stats, suites } = JSON.parse(output) as PlaywrightReport; // Playwright's own format
  const specs = suites.flatMap((suite) => suite.specs);

  expect(stats, output).toMatchObject({ expected: 3, unexpected: 1, skipped: 0, flaky: 0 });
  expect(specs.filter(({ ok }) => !ok).map(({ title }) => title)).toEqual(['an expired client is let in']);
  expect(output).toContain('expected the server to accept the client; it was rejected by the server: CERT_HAS_EXPIRED');
  expect(output).toContain('server API  verification failed with CERT_HAS_EXPIRED');
});

interface PlaywrightReport {
  readonly stats: object;
  readonly suites: readonly { readonly specs: readonly { readonly title: string; readonly ok: boolean }[] }[];
}

describe.for(vitests())('%s', ([, vitest]) => {
  test('a project gets fixtures, matchers and one PKI for the run, and a failure that prints the transcript', () => {
    const project = packed.install('vitest', { vitest });

    const { status } = runAnyway(
      consumerNode,
      [programOf('vitest', vitest), 'run', '--reporter=json', '--outputFile=report.json'],
      project,
    );
    const report = readFileSync(path.join(project, 'report.json'), 'utf8');
    const { testResults } = JSON.parse(report) as { testResults: { assertionResults: Assertion[] }[] }; // Vitest's own format
    const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);

    expect(
      assertions
        .filter((assertion) => assertion.status === 'passed')
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual([
      'a server of the worker accepts clients of the PKI',
      'a server of the worker is there for the next file too',
      'a snapshot of a handshake is the same in each run',
      'and rejects others, in each test of the file',
      'the PKI is that of the run',
      'the asynchronous matchers try the server',
      'the fixtures make a handshake',
      'the set-up file adds the matchers to the plain expect',
    ]);
    const failures = assertions.filter((assertion) => assertion.status === 'failed');
    expect(failures.map(({ title }) => title)).toEqual(['an expired client is let in']);
    const transcript = failures[0]?.failureMessages.join('\n');
    expect(transcript).toContain('Handshake rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)');
    expect(transcript).toContain('server API  verification failed with CERT_HAS_EXPIRED');
    expect(status).toBe(1);
  });

  test("a project's files share the server of their worker, which is closed at its end", () => {
    const project = packed.install('vitest', { vitest });
    const files = ['worker-scope.test.js', 'worker-scope-again.test.js'];

    const output = run(consumerNode, [programOf('vitest', vitest), 'run', '--no-isolate', '--maxWorkers=1', ...files], project);

    expect(output).toMatch(/Tests +3 passed/u);
    expect(readFileSync(path.join(project, 'worker-notes'), 'utf8')).toBe('started\nclosed\n');
  });

  test('without a PKI of the run each file has its own, on which no fixture of a worker can depend', () => {
    const project = packed.install('vitest', { vitest });
    const options = ['run', '--config', 'without-global-setup.config.js'];

    const ofFile = runAnyway(consumerNode, [programOf('vitest', vitest), ...options, 'snapshot.test.js'], project);
    const ofWorker = runAnyway(consumerNode, [programOf('vitest', vitest), ...options, 'worker-scope.test.js'], project);

    expect(ofFile.status, ofFile.output).toBe(0);
    expect(ofWorker.status).toBe(1);
    expect(ofWorker.complaint).toContain('The worker "service" fixture cannot depend on a file fixture "pki"');
  });

  test('a project runs the suites, and the reporter shows their results', () => {
    const project = packed.install('vitest-suites', { vitest });

    const { status, output } = runAnyway(consumerNode, [programOf('vitest', vitest), 'run'], project);
    const report = JSON.parse(readFileSync(path.join(project, 'out', 'mtls.json'), 'utf8')) as Pick<Report, 'targets'>; // our own format

    expect(report.targets.map(({ name, counts }) => [name, counts])).toEqual([
      ['the server', { 'as-expected': 8, unexpected: 0, 'not-judged': 0, skipped: 2 }],
      ['a server that looks at nothing', { 'as-expected': 2, unexpected: 1, 'not-judged': 0, skipped: 0 }],
      ['the client', { 'as-expected': 10, unexpected: 0, 'not-judged': 0, skipped: 0 }],
    ]);
    expect(output).toContain('unexpected TLSv1.3: expired-leaf');
    expect(readFileSync(path.join(project, 'out', 'mtls.html'), 'utf8')).toContain('a server that looks at nothing');
    expect(status).toBe(1);
  });

  test.for([
    ['that resolves as Node', ['-p', '.']],
    ['that resolves as a bundler', ['-p', '.', '--module', 'preserve', '--moduleResolution', 'bundler']],
    ['that imports the set-up file alone', ['-p', 'tsconfig.setup.json']],
  ] as const)('a strict TypeScript project %s finds every declaration sound', ([, options]) => {
    const project = packed.install('typescript', { vitest });

    expect(run(process.execPath, [programOf('typescript'), ...options], project)).toBe('');
  });
});

interface Assertion {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}
