import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { restorePki, type SerializedPki, startHttpsServer, startTlsServer, type ObservedServer } from '../../../src/index.ts';
import { folder, shell } from '../shell.ts';
import { runCommand } from '../transcripts.ts';

let written: string;

beforeAll(async () => {
  const made = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-output-'));
  await runCommand(['pki', 'pki', '--tier', 'app'], made);
  written = path.join(made, 'pki');
});

afterAll(() => rmSync(path.dirname(written), { recursive: true, force: true }));

/** A folder with a written PKI `pki`, and a server that trusts it. */
async function withServer(): Promise<{ readonly cwd: string; readonly server: ObservedServer }> {
  const cwd = folder();
  cpSync(written, path.join(cwd, 'pki'), { recursive: true });
  const server = await startTlsServer({ identity: writtenPki(cwd).server() });
  onTestFinished(() => server.close());
  return { cwd, server };
}

function writtenPki(cwd: string): ReturnType<typeof restorePki> {
  return restorePki(JSON.parse(readFileSync(path.join(cwd, 'pki/pki.json'), 'utf8')) as SerializedPki); // as the command wrote it
}

type Place = [place: string, prepare: (cwd: string) => void, problem: string];

test.for<Place>([
  ['file', (cwd) => writeFileSync(path.join(cwd, 'file'), ''), 'it already exists'],
  ['file/below', (cwd) => writeFileSync(path.join(cwd, 'file'), ''), 'ENOTDIR'],
  ['/dev/null', () => {}, 'it already exists'],
  ['link', (cwd) => symlinkSync('.', path.join(cwd, 'link')), 'it already exists'],
  ['dangling', (cwd) => symlinkSync('nowhere', path.join(cwd, 'dangling')), 'it already exists'],
  ...(existsSync('/proc/self')
    ? ([
        ['/proc/none', () => {}, 'ENOENT'],
        ['/proc/none/below', () => {}, 'ENOENT'],
      ] satisfies Place[])
    : []),
])('pki does not write to %s', async ([place, prepare, problem]) => {
  const cwd = folder();
  prepare(cwd);
  const before = readdirSync(cwd);

  const { exitCode, output } = await runCommand(['pki', place], cwd);

  expect(output).toMatch(/^Cannot write "[^\n]+"[^\n]+\n$/u);
  expect(output).toContain(problem);
  expect(exitCode).toBe(2);
  expect(readdirSync(cwd)).toEqual(before);
});

test('pki sets the mode of an existing empty folder', async () => {
  const cwd = folder();
  mkdirSync(path.join(cwd, 'open'), { mode: 0o755 });

  const { exitCode } = await runCommand(['pki', 'open', '--tier', 'app'], cwd);

  expect(exitCode).toBe(0);
  expect(statSync(path.join(cwd, 'open')).mode & 0o777).toBe(0o700);
});

test.for(["--client ''", '--permit service.test', "--dns 'a b'"])('pki that rejects a name makes no folder: %s', async (options) => {
  const cwd = folder();

  const { code, complaint } = await shell(`mtls pki above/made ${options}`, cwd);

  expect(complaint).toMatch(/^Cannot [^\n]+\n$/u);
  expect([code, readdirSync(cwd)]).toEqual([2, []]);
});

test.runIf(existsSync('/dev/full'))('pki that cannot print where its files are leaves none', async () => {
  const cwd = folder();

  const { code } = await shell('mtls pki above/made --tier app --json > /dev/full', cwd);

  expect([code, readdirSync(cwd)]).toEqual([2, []]);
});

// A limit on the size of files fails as a full disk does: in the middle of the work.
test('pki that could not write everything leaves nothing that blocks the next run', async () => {
  const cwd = folder();

  const limited = await shell('ulimit -f 20 && mtls pki made', cwd);
  const next = await runCommand(['pki', 'made', '--tier', 'app'], cwd);

  expect(limited).toMatchObject({ code: 2, complaint: expect.stringMatching(/^Cannot write "[^\n]+": EFBIG: [^\n]+\n$/u) });
  expect(next.exitCode).toBe(0);
  expect(limited.output).toBe('');
});

test.for<[options: string, problem: RegExp]>([
  ['--junit none/report.xml', /ENOENT/u],
  ['--json none/report.json', /ENOENT/u],
  ['--json .', /it already exists/u],
  ['--junit pki/ca.pem', /it already exists/u],
  ['--junit dangling.xml', /it already exists/u],
  ['--junit /dev/null', /it already exists/u],
  ['--json one --junit one', /another place/u],
  ['--json one --junit ./link/one', /another place/u],
  ['--json - --junit -', /another place/u],
])('probe reports before any handshake that it cannot write: %s', async ([options, problem]) => {
  const { cwd, server } = await withServer();
  symlinkSync('nowhere.xml', path.join(cwd, 'dangling.xml'));
  symlinkSync('.', path.join(cwd, 'link'));
  const anchors = readFileSync(path.join(cwd, 'pki/ca.pem'), 'utf8');

  const { code, output, complaint } = await shell(`mtls probe localhost:${server.port} --pki pki ${options}`, cwd);

  expect(complaint).toMatch(/^Cannot [^\n]+\n$/u);
  expect(complaint).toMatch(problem);
  expect([code, output, server.handshakes]).toEqual([2, '', []]);
  expect(readFileSync(path.join(cwd, 'pki/ca.pem'), 'utf8')).toBe(anchors);
  expect(readdirSync(cwd).toSorted()).toEqual(['dangling.xml', 'link', 'pki']);
});

test('a probe that failed leaves no report that blocks the next run', async () => {
  const { cwd, server } = await withServer();
  const probe = `mtls probe localhost:${server.port} --pki pki --only valid --tls 1.3 --junit report.xml`;
  const options = { identity: writtenPki(cwd).server(), port: server.port };
  await server.close();

  const first = await shell(probe, cwd);
  await using again = await startHttpsServer((_request, response) => response.end(), options);
  const second = await shell(probe, cwd);

  expect(first).toMatchObject({ code: 3, complaint: expect.stringContaining('ECONNREFUSED') });
  expect(second.code, second.complaint).toBe(0);
  expect(again.handshakes.length).toBeGreaterThan(0);
  expect(readFileSync(path.join(cwd, 'report.xml'), 'utf8')).toContain('<testcase ');
});

test('the command in a written README is quoted for the shell, whatever the folder is called', async () => {
  const cwd = folder();
  const odd = path.join(cwd, "a folder of Bob's $HOME");
  await runCommand(['pki', odd, '--tier', 'app'], cwd);
  const command = /^mtls-fixtures probe .*$/mu.exec(readFileSync(path.join(odd, 'README.md'), 'utf8'))?.[0] ?? '';

  const words = await shell(`print() { printf '%s\\n' "$@"; }\n${command.replace(/^mtls-fixtures/u, 'print')}`, cwd);

  expect(words.output.trimEnd().split('\n')).toEqual(['probe', 'localhost:8443', '--pki', odd]);
});
