import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startChild } from '../interop/peers/child.ts';
import { blockBelow } from '../meta/shown-output.ts';
import { projectRoot } from '../meta/syntax.ts';
import { openShell } from './shell-block.ts';

interface Service {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

const page = 'docs/docker-compose.md';
const folder = path.join(projectRoot, 'fixtures/consumers/compose');
const file = readFileSync(path.join(folder, 'compose.yaml'), 'utf8');
const { services } = parse(file) as { services: { api: Service; worker: Service } }; // the file of this folder

test('the page shows the file', () => {
  expect(
    blockBelow(readFileSync(path.join(projectRoot, page), 'utf8'), '<!-- from fixtures/consumers/compose/compose.yaml -->').join('\n'),
  ).toBe(file.trimEnd());
});

test('its services work with the files that the command writes, and the probe judges them', { timeout: 120_000 }, async () => {
  const shell = openShell();
  for (const program of ['api.js', 'worker.js']) copyFileSync(path.join(folder, program), path.join(shell.cwd, program));
  await shell.run(page, '<!-- run by test/examples/docker-compose.test.ts: pki -->');

  const port = await startApi(shell.cwd);
  const worker = outside(services.worker, shell.cwd);
  const { stdout } = await promisify(execFile)(process.execPath, worker.args, {
    cwd: shell.cwd,
    env: { ...worker.env, API: `https://localhost:${port}` }, // api is a name of Compose's own network
  });
  const probe = await shell.run(
    page,
    '<!-- run by test/examples/docker-compose.test.ts: probe -->',
    (line) => line.replace('localhost:8443', `localhost:${port} --only expired-leaf,unknown-ca`), // a few of the catalogue, for time
  );

  expect(stdout).toBe('hello CN=client');
  expect(probe).toMatch(/^4 of 4 as expected/mu); // two scenarios over two versions of TLS
});

test('a relay on the host prints the handshake between the two', { timeout: 120_000 }, async () => {
  const override = readFileSync(path.join(folder, 'compose.relay.yaml'), 'utf8');
  const relayPage = readFileSync(path.join(projectRoot, 'docs/relay.md'), 'utf8');
  expect(blockBelow(relayPage, '<!-- from fixtures/consumers/compose/compose.relay.yaml -->').join('\n')).toBe(override.trimEnd());
  const shell = openShell();
  for (const program of ['api.js', 'worker.js']) copyFileSync(path.join(folder, program), path.join(shell.cwd, program));
  await shell.run('docs/relay.md', '<!-- run by test/examples/docker-compose.test.ts: relay-pki -->');
  const api = await startApi(shell.cwd);
  const [line = ''] = blockBelow(relayPage, '<!-- run by test/examples/docker-compose.test.ts: relay -->');
  const edited = line.replace('localhost:8443', `localhost:${api}`).replace('9443', '0').replace('172.17.0.1', '127.0.0.1');

  await using relay = startChild(process.execPath, [
    path.join(projectRoot, 'src/cli/main.ts'),
    ...edited.split(' ').slice(2),
    '--count',
    '1',
  ]);
  const [, port] = await relay.until(/:(\d+) in front of/u);
  const worker = outside(services.worker, shell.cwd);
  const env = { ...worker.env, API: `https://localhost:${port}` };
  const { stdout } = await promisify(execFile)(process.execPath, worker.args, { cwd: shell.cwd, env });

  expect(stdout).toBe('hello CN=client');
  expect(await relay.ended()).toEqual({ status: 0, words: expect.stringMatching(/accepted/u) });
});

async function startApi(cwd: string): Promise<string> {
  const { args, env } = outside(services.api, cwd);
  const api: ChildProcess = spawn(process.execPath, args, {
    cwd,
    env: { ...env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void api.kill());
  const [chunk] = (await once(api.stdout ?? api, 'data')) as [Buffer]; // of a pipe
  return /listens on (?<port>\d+)/u.exec(String(chunk))?.groups?.['port'] ?? '';
}

/** Command and environment of a service without a container: each path within it is the file that is mounted there. */
function outside({ command, environment, volumes }: Service, cwd: string): { args: string[]; env: Record<string, string> } {
  const mounts = volumes.map((volume) => volume.split(':')).toSorted(([, one = ''], [, other = '']) => other.length - one.length);
  const there = (value: string): string => {
    const mount = mounts.find(([, target = '']) => value === target || value.startsWith(`${target}/`));
    return mount === undefined ? value : path.join(cwd, value.replace(mount[1] ?? '', mount[0] ?? ''));
  };
  const [, ...args] = command.split(' ').map(there);
  return { args, env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, there(value)])) };
}
