import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { imageOf, lacksImages } from '../containers/images.ts';
import { consumerNode, packProject, programOf, run, runAnyway, type PackedPackage } from './packed-package.ts';
import { jests, vitests } from './fetched-runtimes.ts';
import { brokenLinks } from './links.ts';
import { projectRoot } from './syntax.ts';

let folder: string;
let packed: PackedPackage;

beforeAll(() => {
  folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'mtls-fixtures-packed-'));
  packed = packProject(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the tarball holds the entry points, their chunks and types, docs/, and the pages that belong to a package', () => {
  const isExpected = (file: string): boolean =>
    /^dist\/(?:types\/.+\.d\.ts|chunks\/[a-z-]+\.c?js|require\/[a-z]+\.cjs)$/u.test(file) ||
    /^fixtures\/containers\/[a-z]+\/[\w-]+\.[a-z]+$/u.test(file) ||
    file.startsWith('docs/');
  const others = packed.files.filter((file) => !isExpected(file));

  expect(others.toSorted()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'dist/cli.js',
    'dist/containers.js',
    'dist/index.js',
    'dist/matchers.js',
    'dist/reporter.js',
    'dist/scenarios.js',
    'dist/vitest-global-setup.js',
    'dist/vitest-setup.js',
    'dist/vitest.js',
    'package.json',
  ]);
  expect(packed.files).toContain('dist/types/index.d.ts');
  expect(packed.files).toContain('fixtures/containers/nginx/mtls.conf');
  expect(packed.files.filter((file) => file.endsWith('Dockerfile'))).toEqual([]);
});

test('every page in the tarball links only to files in it', () => {
  const read = (file: string): string | undefined => {
    const isFolder = packed.files.some((each) => each.startsWith(file));
    if (!packed.files.includes(file)) return isFolder ? '' : undefined;
    return readFileSync(path.join(projectRoot, file), 'utf8');
  };
  const pages = packed.files.filter((file) => file.endsWith('.md'));

  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/api.md', 'docs/decisions/README.md']));
  expect(pages.flatMap((page) => brokenLinks(page, read(page) ?? '', read))).toEqual([]);
});

test('no page or image of docs/ is larger than 200 kB', () => {
  const large = packed.files.filter((file) => file.startsWith('docs/') && statSync(path.join(projectRoot, file)).size > 200_000);

  expect(packed.files.filter((file) => /^docs\/.+\.png$/u.test(file))).not.toEqual([]);
  expect(large).toEqual([]);
});

test('publint finds nothing to say about the tarball', async () => {
  const { messages } = await publint({ pack: { tarball: new Uint8Array(readFileSync(packed.tarball)).buffer }, strict: true });

  expect(messages).toEqual([]);
});

test('the types of every entry point resolve for consumers of ES modules', () => {
  // What `require` names is for Jest alone, and loads the ES module: the types are its.
  const options = ['--profile', 'esm-only', '--ignore-rules', 'false-esm'];

  const judgement = runAnyway(process.execPath, [programOf('@arethetypeswrong/cli'), packed.tarball, ...options], folder);

  expect(judgement).toMatchObject({ status: 0 });
});

test('a script on plain Node mints, serves and gets verdicts with their reasons', () => {
  const project = packed.install('plain-node');

  expect(JSON.parse(run(consumerNode, ['main.js'], project))).toEqual({
    accepted: { verdict: 'accepted' },
    expired: { verdict: 'rejected', rejectedBy: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' },
    withoutCertificate: {
      verdict: 'rejected',
      rejectedBy: 'server',
      reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
      alert: 'certificate_required',
    },
    selfSigned: { verdict: 'rejected', rejectedBy: 'server', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', alert: 'unknown_ca' },
    startHttpsServer: { verdict: 'accepted' },
    startHttp2Server: { verdict: 'accepted' },
    otherPort: true,
    required: true,
  });
});

test('a script on plain Node that is CommonJS requires the core, the matchers and the scenarios', () => {
  const project = packed.install('commonjs');

  expect(run(consumerNode, ['main.cjs'], project)).toBe('as-expected\n');
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

test('mtls-fixtures/containers names the package that it lacks', () => {
  const project = packed.install('plain-node');

  const { status, complaint } = runAnyway(process.execPath, ['--eval', "import('mtls-fixtures/containers')"], project);

  expect(status).not.toBe(0);
  expect(complaint).toContain(
    'Cannot load "testcontainers": it is an optional package that is not installed; run npm install --save-dev testcontainers@12',
  );
});

test.for(['vitest', 'vitest/setup', 'vitest/global-setup', 'reporter'])('%s reports that it lacks Vitest', (entry) => {
  const project = packed.install('plain-node');

  const lacking = JSON.parse(run(consumerNode, ['import.js', `mtls-fixtures/${entry}`], project)) as object; // as our script prints it

  expect(lacking).toEqual({
    code: 'PACKAGE_MISSING',
    message: 'Cannot load "vitest": it is an optional package that is not installed; run npm install --save-dev vitest',
  });
});

test('an import that lacks its package and is not caught prints the sentence, and no trace', () => {
  const project = packed.install('plain-node');

  const { status, complaint } = runAnyway(consumerNode, ['--input-type=module', '--eval', "import 'mtls-fixtures/vitest';"], project);

  expect(status).toBe(1);
  expect(complaint).toMatch(/^\[?MtlsFixturesError: Cannot load "vitest": .*; run npm install --save-dev vitest\]? ?\{?$/mu);
  expect(complaint).not.toMatch(/^\s+at /mu);
});

test('a command of the package can be run where it was built', () => {
  const { mode } = statSync(path.join(path.dirname(packed.tarball), 'dist', 'cli.js'));

  expect(mode & 0o111).toBe(0o111);
});

test.for([
  'index.js',
  'vitest.js',
  'vitest-setup.js',
  'vitest-global-setup.js',
  'scenarios.js',
  'matchers.js',
  'containers.js',
  'reporter.js',
])('in a browser %s says that there is no Node.js, and where tests can run', (file) => {
  const project = packed.install('plain-node');

  const output = run(process.execPath, ['--experimental-vm-modules', '--no-warnings', 'browser.js', file], project);

  expect(JSON.parse(output)).toEqual({
    name: 'MtlsFixturesError',
    code: 'RUNTIME_UNSUPPORTED',
    message: expect.stringMatching(
      /^Cannot use mtls-fixtures on a runtime that is not Node\.js \(a browser.*environment node, jsdom or happy-dom/u,
    ),
  });
});

describe.skipIf(await lacksImages(['nginx']))('from the tarball', () => {
  test('a server runs in a container with the configuration that the package brings', () => {
    const project = packed.install('containers');

    const output = run(process.execPath, ['main.js', imageOf('nginx')], project);

    expect(JSON.parse(output)).toEqual({ verdict: 'accepted', isItsOwn: true });
  });
});

const entryPoints = [
  'mtls-fixtures',
  'mtls-fixtures/scenarios',
  'mtls-fixtures/matchers',
  ...['', '/setup', '/global-setup'].map((name) => `mtls-fixtures/vitest${name}`),
];

test('importing an entry point loads neither another package nor a module of Node that is slow to load', () => {
  const project = packed.install('plain-node');

  const ours = loadedBy(project, entryPoints);
  const control = loadedBy(project, ['node:https', 'selfsigned']);

  expect(ours.files.filter((file) => !file.startsWith('mtls-fixtures/dist/'))).toEqual([]);
  expect(ours.builtins).toContain('stream');
  expect(heavy(ours.builtins)).toEqual([]);
  expect(control.files.length).toBeGreaterThan(1);
  expect(heavy(control.builtins)).toContain('https');
});

const later = ['capture.cjs', 'connection.cjs', 'explain.cjs', 'formats.cjs', 'hosts.cjs', 'inspect.cjs', 'matchers.cjs', 'starttls.cjs'];

/** The chunks that an entry point loads at import, and some that it does not. The catalogue names the alert of each reason, by the table that explanations use. */
test.for<[entry: string, unneeded: readonly string[], needed: readonly string[]]>([
  ['mtls-fixtures', ['catalogue.js', 'expect.js', 'vitest.js', ...later], ['core.js']],
  ['mtls-fixtures/matchers', ['catalogue.js', 'vitest.js', ...later], ['core.js', 'expect.js']],
  [
    'mtls-fixtures/vitest',
    ['catalogue.js', 'server-suite.js', 'client-suite.js', 'scenario-suite.js', ...later],
    ['core.js', 'expect.js', 'test.js'],
  ],
  ['mtls-fixtures/vitest/setup', ['catalogue.js', ...later], ['core.js', 'expect.js']],
  ['mtls-fixtures/vitest/global-setup', ['catalogue.js', 'expect.js', ...later], ['core.js']],
  ['mtls-fixtures/scenarios', ['expect.js', 'vitest.js'], ['core.js', 'catalogue.js', 'explain.cjs']],
])('%s loads the code that it needs, and none of other entry points or of later calls', ([entry, unneeded, needed]) => {
  const project = packed.install('plain-node');

  const chunks = loadedBy(project, [entry]).files.map((file) => path.basename(file));

  expect(chunks).toEqual(expect.arrayContaining([...needed]));
  expect(chunks.filter((file) => unneeded.includes(file))).toEqual([]);
});

test('a first verdict loads no code later, an explanation does', () => {
  const project = packed.install('plain-node');

  const loaded = JSON.parse(run(process.execPath, ['later.js'], project)) as object; // as our script prints it

  // Node 22 and 24 do not give the chain that was presented: there it is decoded.
  const decoding = /^v2[24]\./u.test(process.version) ? ['explain.cjs'] : [];
  expect(loaded).toEqual({ verdict: decoding, explanation: ['explain.cjs', 'inspect.cjs'] });
});

function loadedBy(project: string, entries: readonly string[]): { files: string[]; builtins: string[] } {
  return JSON.parse(run(process.execPath, ['imports.js', ...entries], project)) as { files: string[]; builtins: string[] }; // as our script prints it
}

/** Those of Node's modules that take milliseconds to load. */
function heavy(builtins: readonly string[]): string[] {
  return builtins.filter((name) => /^_?(?:crypto|net|tls|https?|http2|dns|child_process|worker_threads)\b/u.test(name));
}
