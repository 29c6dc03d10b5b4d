import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report, ReportHandshake, ReportResult } from '../../src/report/index.ts';
import { type ReportedRun, runReport } from './run-report.ts';

const gitlab = {
  GITHUB_ACTIONS: '',
  GITLAB_CI: 'true',
  CI_COMMIT_SHA: 'abc',
  CI_COMMIT_REF_NAME: 'main',
  CI_JOB_NAME: 'tls',
  CI_JOB_URL: 'https://ci:hunter2@gitlab.test/7',
  CI_JOB_TOKEN: 'hunter2',
};

let whole: ReportedRun;
let odd: ReportedRun;
beforeAll(async () => {
  whole = await runReport(['servers.suite.ts', 'clients.suite.ts'], { env: gitlab });
  odd = await runReport(['odd.suite.ts']);
});
afterAll(async () => {
  await whole[Symbol.asyncDispose]();
  await odd[Symbol.asyncDispose]();
});

test('each suite is a target, servers first, with its counts', () => {
  expect(
    whole.report.targets.map(({ name, underTest, file, counts }) => [name, underTest, path.basename(file), Object.values(counts)]),
  ).toEqual([
    // as expected, unexpected, not judged, skipped
    ['correct', 'server', 'servers.suite.ts', [10, 0, 0, 0]],
    ['accepts every client', 'server', 'servers.suite.ts', [3, 2, 0, 0]],
    ['refuses every client', 'server', 'servers.suite.ts', [0, 1, 4, 0]],
    ['skips', 'server', 'servers.suite.ts', [3, 0, 0, 1]],
    ['does not start', 'server', 'servers.suite.ts', [0, 0, expect.any(Number), 0]],
    ['correct', 'client', 'clients.suite.ts', [10, 0, 0, 0]],
    ['trusts every server', 'client', 'clients.suite.ts', [3, 2, 0, 0]],
    ['trusts no server', 'client', 'clients.suite.ts', [0, 1, 4, 0]],
  ]);
  expect(whole.report).toMatchObject({ version: 1, generator: 'mtls-fixtures', interrupted: false });
  expect(whole.report.durationMs).toBeGreaterThan(0);
});

test('a rejected handshake has its reason, its explanation, both chains as they were sent, and its time', () => {
  const result = resultOf(whole.report, 'correct', 'TLSv1.2', 'expired-leaf');

  expect(result).toMatchObject({
    group: 'time',
    tier: 'core',
    title: 'an expired leaf',
    status: 'as-expected',
    expected: { verdict: 'rejected', by: 'server', reason: 'CERT_HAS_EXPIRED' },
    handshake: {
      verdict: 'rejected',
      rejectedBy: 'server',
      reason: 'CERT_HAS_EXPIRED',
      alert: { name: 'certificate_expired', code: 45, sentBy: 'server' },
      protocol: 'TLSv1.2',
      explanation: expect.stringContaining('rejected by the server: CERT_HAS_EXPIRED'),
      clientChain: { asSent: true, certificates: [expect.any(String), expect.any(String)] },
      serverChain: { asSent: true, certificates: [expect.any(String), expect.any(String)] },
    },
  });
  expect(result.testMs).toBeGreaterThanOrEqual(result.handshake?.durationMs ?? Infinity);
  const [leaf = '', issuer = ''] = result.handshake?.clientChain?.certificates ?? [];
  expect(whole.report.certificates[String(leaf)]).toMatchObject({
    subject: 'CN=client',
    issuer: whole.report.certificates[String(issuer)]?.subject,
    extendedKeyUsage: ['clientAuth'],
    isAuthority: false,
    keyAlgorithm: 'ec-p256',
    signatureAlgorithm: 'ecdsa-sha256',
    fingerprint256: leaf,
  });
  expect(Date.parse(whole.report.certificates[String(leaf)]?.notAfter ?? '')).toBeLessThan(Date.parse(result.handshake?.startedAt ?? ''));
});

test('a server that accepts a client it should reject is unexpected, and its controls are as expected', () => {
  expect(resultOf(whole.report, 'accepts every client', 'TLSv1.3', 'expired-leaf')).toMatchObject({
    status: 'unexpected',
    message: expect.stringContaining('expected rejected by the server with CERT_HAS_EXPIRED'),
    handshake: { verdict: 'accepted' },
  });
  expect(resultOf(whole.report, 'accepts every client', 'TLSv1.3', 'control')).toMatchObject({ kind: 'control', status: 'as-expected' });
});

test('results that a rejected control leaves unjudged say so, and the rejected handshake is there', () => {
  expect(resultOf(whole.report, 'refuses every client', 'TLSv1.3', 'control')).toMatchObject({
    status: 'unexpected',
    handshake: { verdict: 'rejected', rejectedBy: 'server' },
  });
  expect(resultOf(whole.report, 'refuses every client', 'TLSv1.3', 'expired-leaf')).toMatchObject({
    status: 'not-judged',
    message: 'not judged: the valid client was refused',
  });
});

test('a control shows the handshake of the valid peer, of a server and of a client', () => {
  const controls = whole.report.targets
    .filter(({ name }) => name === 'correct')
    .flatMap(({ results }) => results.filter(({ kind }) => kind !== 'scenario'));

  expect(controls.map(({ kind, version, handshake }) => [kind, version, handshake?.verdict, handshake?.protocol])).toEqual(
    ['server', 'client'].flatMap(() =>
      ['TLSv1.3', 'TLSv1.2'].flatMap((version) => [
        ['control', version, 'accepted', version],
        ['last-control', version, 'accepted', version],
      ]),
    ),
  );
});

test('the report says what it is of, and its keys are unique', () => {
  const keys = whole.report.targets.flatMap(({ results }) => results.map(({ key }) => key));

  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain('server:correct/TLSv1.2/expired-leaf');
  expect(keys).toContain('client:correct/TLSv1.3/last-control');
  expect(whole.report).toMatchObject({
    origin: { ci: { service: 'GitLab CI', job: 'tls', url: 'https://gitlab.test/7' }, commit: 'abc', branch: 'main' },
    runtimes: [{ node: process.versions.node, openssl: process.versions.openssl }],
    summary: expect.stringMatching(
      /^6 of 35 judged results are unexpected: 4 high, 2 without a severity; \d+ could not be judged\. Worst: expired-leaf at /u,
    ),
  });
  expect(`${whole.json}${whole.html}${whole.output}`).not.toContain('hunter2');
});

test('unexpected results alone carry their capture, without the secrets that decrypt it', () => {
  const results = whole.report.targets.flatMap((target) => target.results);
  const captured = results.filter(({ handshake }) => handshake?.capture !== undefined);

  expect(captured).toEqual(results.filter(({ status, handshake }) => status === 'unexpected' && handshake));
  expect(captured).toHaveLength(6);
  for (const { handshake } of captured) expect(captureOf(handshake).includes('SECRET')).toBe(false);
});

test.for([
  [{ captures: 'all', captureSecrets: true }, true],
  [{ captures: 'none', captureSecrets: true }, false],
] as const)('with the options %o every result carries its capture: %s', async ([options, isThere]) => {
  await using run = await runReport(['versions.suite.ts'], { options });
  const handshakes = run.report.targets.flatMap(({ results }) => results.flatMap(({ handshake }) => handshake ?? []));

  expect(handshakes.length).toBeGreaterThan(2);
  expect(handshakes.filter(({ capture }) => (capture !== undefined) === isThere)).toHaveLength(handshakes.length);
  expect(handshakes.some((handshake) => captureOf(handshake).includes('CLIENT_RANDOM'))).toBe(isThere);
});

test('a baseline that cannot be read is one line with a code, beside the report', async () => {
  await using run = await runReport(['assertions.suite.ts'], { options: { baseline: 'no such\u{202e}file.json' } });

  expect(run.output).toMatch(
    /^mtls-fixtures {2}BASELINE_INVALID: Cannot compare with the baseline ".*no such\?file\.json": it does not exist; pass the jsonFile of an earlier run of this version$/mu,
  );
  expect(run.report.assertions.length).toBeGreaterThan(0);
  expect(run.report.comparison).toBeUndefined();
});

test('a skipped result has its reason, an override of the expectation counts, and what a failed hook prevented is not judged', () => {
  expect(resultOf(whole.report, 'skips', 'TLSv1.2', 'expired-leaf')).toMatchObject({ status: 'skipped', message: 'known, see #12' });
  expect(resultOf(whole.report, 'skips', 'TLSv1.2', 'expired-intermediate')).toMatchObject({
    status: 'as-expected',
    expected: { verdict: 'accepted' },
  });
  expect(resultOf(whole.report, 'does not start', 'TLSv1.3', 'expired-leaf')).toMatchObject({
    status: 'not-judged',
    message: expect.stringContaining('start threw "port taken"'),
  });
});

test('a test that failed for another reason is not shown as a pass, and a server that breaks on the way shows in the last control', () => {
  expect(resultOf(odd.report, 'with a hook that fails', 'TLSv1.3', 'expired-leaf')).toMatchObject({
    status: 'not-judged',
    message: 'not judged: the test failed for another reason: a file was left open',
  });
  expect(resultOf(odd.report, 'with a hook that fails', 'TLSv1.3', 'control')).toMatchObject({ status: 'as-expected' });
  expect(odd.report.targets[1]?.results.at(-1)).toMatchObject({ kind: 'last-control', status: 'unexpected' });
});

test('tests that are not scenarios are skipped, and those of another version are left out with a notice', () => {
  expect(odd.report.targets.map(({ name }) => name)).toEqual(['with a hook that fails', 'breaks on the way']);
  expect(odd.output).toContain('another version of mtls-fixtures recorded them: 1 tests');
});

test('the terminal shows a line for each target, and the ids of what was unexpected', () => {
  expect(whole.output).toContain('mtls-fixtures  8 targets, 29 of 35 as expected, 6 unexpected');
  expect(whole.output).toContain('✓ correct (server): 10 of 10 as expected\n');
  expect(whole.output).toContain(
    '✗ accepts every client (server): 3 of 5 as expected, 2 unexpected\n      unexpected TLSv1.3: expired-leaf, expired-intermediate',
  );
  expect(whole.output).toContain(`report ${whole.page}`);
});

describe('the reports of two shards', () => {
  let merged: ReportedRun;
  beforeAll(async () => {
    merged = await runReport(['servers.suite.ts', 'clients.suite.ts'], { shards: 2 });
  });
  afterAll(() => merged[Symbol.asyncDispose]());

  test('are merged into what one run reports', () => {
    expect(outcomes(merged.report)).toEqual(outcomes(whole.report));
    expect(resultOf(merged.report, 'correct', 'TLSv1.2', 'expired-leaf').handshake?.explanation).toContain('CERT_HAS_EXPIRED');
  });
});

test('no private key and no session secret of the run is in what is written', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
  const file = path.join(folder, 'keys.pem');
  await using run = await runReport(['keys.suite.ts'], { env: { MTLS_FIXTURES_TEST_KEYS: file } });
  const pem = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  const written = `${run.html}\n${run.json}\n${run.output}`;

  const keys = pem.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/gu) ?? [];
  expect(keys.length).toBeGreaterThan(4); // of the authorities and of the server, for each time it was started
  expect(keys.flatMap(waysToWrite).filter((text) => written.includes(text))).toEqual([]);
  expect(written).toContain('CERT_HAS_EXPIRED');
  expect(written).not.toMatch(/PRIVATE KEY|BEGIN |_TRAFFIC_SECRET|CLIENT_RANDOM|EXPORTER_SECRET/u);
});

/** The secret number of an EC key, and what its PEM has of it. */
function waysToWrite(pem: string): string[] {
  const secret = Buffer.from(createPrivateKey(pem).export({ format: 'jwk' }).d ?? '', 'base64url');
  const [, line = ''] = pem.split('\n');
  return [line, secret.toString('base64').slice(0, 40), secret.toString('base64url'), secret.toString('hex'), secret.toString('latin1')];
}

function captureOf(handshake: ReportHandshake | undefined): Buffer {
  return Buffer.from(handshake?.capture ?? '', 'base64');
}

function resultOf({ targets }: Report, target: string, version: string, id: string): ReportResult {
  const result = targets.find(({ name }) => name === target)?.results.find((one) => one.version === version && one.id === id);
  if (!result) throw new Error(`no result of ${id} for ${target}`);
  return result;
}

function outcomes({ targets }: Report): object[] {
  return targets.map(({ name, underTest, file, results }) => ({
    name,
    underTest,
    file,
    results: results.map(({ version, id, kind, status }) => [version, id, kind, status].join(' ')),
  }));
}
