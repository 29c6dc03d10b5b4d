import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';
import { consumerNode, packProject, programOf, run, runAnyway, type PackedPackage } from './packed-package.ts';
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
    'dist/forwarded.js',
    'dist/index.js',
    'dist/matchers.js',
    'dist/reporter.js',
    'dist/scenarios.js',
    'dist/spiffe.js',
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

test('no page or image of docs/ is larger than 250 kB', () => {
  const large = packed.files.filter((file) => file.startsWith('docs/') && statSync(path.join(projectRoot, file)).size > 250_000);

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

test('a script on plain Node that is CommonJS requires the core, the matchers, the scenarios and forwarded headers', () => {
  const project = packed.install('commonjs');

  expect(run(consumerNode, ['main.cjs'], project)).toBe("as-expected\n[ 'Client-Cert', 'Client-Cert-Chain' ]\n");
});

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

test('mtls-fixtures/spiffe reports that it lacks gRPC', () => {
  const project = packed.install('plain-node');

  const lacking = JSON.parse(run(consumerNode, ['import.js', 'mtls-fixtures/spiffe'], project)) as object; // as our script prints it

  expect(lacking).toEqual({
    code: 'PACKAGE_MISSING',
    message: 'Cannot load "@grpc/grpc-js": it is an optional package that is not installed; run npm install --save-dev @grpc/grpc-js',
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
  'forwarded.js',
  'spiffe.js',
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
  'mtls-fixtures/forwarded',
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
  ['mtls-fixtures', ['catalogue.js', 'expect.js', 'headers.js', 'vitest.js', ...later], ['core.js']],
  ['mtls-fixtures/matchers', ['catalogue.js', 'headers.js', 'vitest.js', ...later], ['core.js', 'expect.js']],
  ['mtls-fixtures/forwarded', ['catalogue.js', 'expect.js', 'test.js', 'vitest.js', ...later], ['core.js', 'headers.js']],
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
