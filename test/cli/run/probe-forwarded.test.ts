import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forwardedScenarios } from '../../../src/scenarios/index.ts';
import { applicationBehind } from '../application-behind.ts';
import { runCommand } from '../transcripts.ts';

test('probe calls an application as nginx does, and writes JSON and JUnit', async () => {
  const { address, folder } = await listening(applicationBehind('nginx', 'client'));

  const { output, exitCode } = await runCommand([...probing(address), '--json', 'r.json', '--junit', 'r.xml'], folder);
  const { results } = JSON.parse(readFileSync(path.join(folder, 'r.json'), 'utf8')) as {
    results: { id: string; version: string; status: string; unsuitable?: true }[];
  }; // as probe writes it
  const xml = readFileSync(path.join(folder, 'r.xml'), 'utf8');

  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/^(\d+) of \1 as expected, 0 not, \d+ not judged$/mu);
  const core = forwardedScenarios.filter(
    ({ formats, through, tier }) => tier === 'core' && through === 'application' && formats.includes('nginx'),
  );
  expect(results.map(({ id }) => id)).toEqual(expect.arrayContaining(core.map(({ id }) => id)));
  expect(new Set(results.map(({ version }) => version))).toEqual(new Set(['HTTP']));
  expect(results.filter(({ status }) => status === 'as-expected').length).toBeGreaterThan(core.length * 0.8);
  expect(xml.match(/<testcase /gu)).toHaveLength(results.length);
  expect(xml).toContain('failures="0" errors="0"');
});

test('an application that does not read what nginx says of its verification is found, and exit code 1', async () => {
  const careless = applicationBehind('nginx', 'client', { verify: 'X-Never-Sent' });
  careless.prependListener('request', (request: http.IncomingMessage) => request.rawHeaders.push('X-Never-Sent', 'SUCCESS'));
  const { address, folder } = await listening(careless);

  const outcome = await runCommand([...probing(address), '--only', 'forwarded-verify-failed,forwarded-doubled-forged-first'], folder);

  expect(outcome.exitCode).toBe(1);
  expect(outcome.output).toMatch(
    /^unexpected +forwarded-verify-failed +HTTP\n +expected rejected by the server, but it was accepted with status 200$/mu,
  );
  expect(outcome.output).toContain('1 of 2 as expected, 1 not, 0 not judged');
});

test('names that the operator chose are sent, and without them the authorized client is refused', async () => {
  const names = { certificate: 'X-Client-Cert', verify: 'X-Client-Verified' };
  const { address, folder } = await listening(applicationBehind('nginx', 'bob', names));
  const few = ['--authorizes', 'bob', '--only', 'forwarded-verify-failed,forwarded-other-client'];
  const chosen = ['--names', 'certificate=X-Client-Cert,verify=X-Client-Verified'];

  const named = await runCommand([...probing(address), ...few, ...chosen], folder);
  const unnamed = await runCommand([...probing(address), ...few], folder);

  expect(named).toMatchObject({ exitCode: 0, output: expect.stringContaining('2 of 2 as expected') });
  expect(unnamed).toMatchObject({ exitCode: 3, output: expect.stringContaining('0 of 0 as expected, 0 not, 1 not judged') });
});

test.for([
  [['--stack', 'go'], '--stack "go": expected no --forwarded beside it'],
  [['--starttls', 'smtp'], '--starttls "smtp": expected no --forwarded beside it'],
  [['--servername', 'a.test'], '--servername "a.test": expected no --forwarded beside it'],
  [['--names', 'X-Client-Cert'], '--names "X-Client-Cert": expected what a header says and its name, such as certificate=X-Client-Cert'],
  [['--skip', 'forwarded-nuls'], '--skip "forwarded-nuls": expected the id of a scenario'],
] as const)('%j is one line and exit code 2', async ([more, problem]) => {
  const folder = await writtenPki();

  const { output, exitCode } = await runCommand([...probing('localhost:1'), ...more], folder);

  expect(output).toMatch(/^Cannot use [^\n]+ \(OPTION_INVALID\)\n$/u);
  expect(output).toContain(problem);
  expect(exitCode).toBe(2);
});

function probing(address: string): string[] {
  return ['probe', address, '--pki', 'pki', '--forwarded', 'nginx', '--timeout', '60000'];
}

async function listening(server: http.Server): Promise<{ readonly address: string; readonly folder: string }> {
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  return { address: `http://127.0.0.1:${port}`, folder: await writtenPki() };
}

async function writtenPki(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await runCommand(['pki', 'pki', '--tier', 'app'], folder);
  return folder;
}
