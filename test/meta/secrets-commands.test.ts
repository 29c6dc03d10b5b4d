import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, restorePki, startTlsServer } from '../../src/index.ts';
import { runCommand } from '../cli/transcripts.ts';
import { keysIn, type Keys } from './secrets.ts';
import { projectRoot } from './syntax.ts';

let folder: string;
let written: string;
let keys: Keys;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-secrets-'));
  written = (await runCommand(['pki', 'pki', '--tier', 'app'], folder)).output;
  const files = readdirSync(path.join(folder, 'pki'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('key.pem'));
  const pki = restorePki(JSON.parse(read('pki/pki.json')));
  keys = {
    root: pki.root.keyPem,
    issuer: pki.issuer.keyPem,
    ...Object.fromEntries(files.map((file) => [file, read(path.join('pki', file))])),
  };
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('pki prints where the keys are, and no key', () => {
  expect(Object.keys(keys).length).toBeGreaterThan(10);
  expect(written).toContain('key.pem');
  expect(keysIn(written, keys)).toEqual([]);
  expect(keysIn(read('pki/README.md'), keys)).toEqual([]);
  expect(keysIn(read('pki/client/key.pem'), keys)).not.toEqual([]);
});

test.for([
  ['inspect', 'pki/client/cert.pem', '--json'],
  ['inspect', 'pki/client/key.pem'],
  ['inspect', 'pki/pki.json'],
  ['scenarios', 'expired-leaf', '--json'],
  ['pki', 'pki'],
])('$0 $1 prints no key', async (args) => {
  const { output } = await runCommand(args, folder);

  expect(output).not.toBe('');
  expect(keysIn(output, keys)).toEqual([]);
});

test('probe prints no key, nor do its reports', async () => {
  const pki = restorePki(JSON.parse(read('pki/pki.json')));
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
  const args = ['probe', `127.0.0.1:${server.port}`, '--pki', 'pki', '--only', 'expired-leaf,no-client-certificate'];

  const { output, exitCode } = await runCommand([...args, '--json', '-', '--junit', 'junit.xml'], folder);

  expect(exitCode).toBe(1);
  expect(output).toContain('"unexpected"');
  expect(keysIn(output + read('junit.xml'), keys)).toEqual([]);
});

test.for<[options: string[], warns: boolean]>([
  [[], true],
  [['--exposed'], false],
])('serve on every address, with %j, prints no key; that it warns of others who reach it is %s', async ([options, warns]) => {
  const { output, port, ended } = await serve(['--pki', 'pki', '--host', '0.0.0.0', '--count', '1', '--explain', ...options]);
  const pki = restorePki(JSON.parse(read('pki/pki.json')));

  expect(await attemptHandshake({ host: '127.0.0.1', port }, { identity: pki.client('alice') })).toBeAccepted();
  await ended;
  expect(output()).toContain('CN=alice');
  expect(output().includes('Warning: "0.0.0.0" is reached from other machines')).toBe(warns);
  expect(keysIn(output(), keys)).toEqual([]);
});

/** Starts `serve`, and waits until it says where it listens. */
async function serve(args: readonly string[]): Promise<{ output: () => string; port: number; ended: Promise<unknown> }> {
  const entry = path.join(projectRoot, 'src/cli/main.ts');
  const child = spawn(process.execPath, [entry, 'serve', ...args], { cwd: folder });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const ended = once(child, 'close');
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /listening on https:\/\/localhost:(\d+)/u.exec(output)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
    child.once('close', () => reject(new Error(`serve ended: ${output}`)));
  });
  return { output: () => output, port, ended };
}

function read(file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}
