import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Removal } from '../../../src/pki/files/removal.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { writeFiles } from '../../../src/pki/files/write-files.ts';

const alice = createPki().client('alice');

let scratch = '';
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'removal-test-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(scratch, { recursive: true });
});

/** What became of a program that wrote files into folders below `scratch`. */
interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** What is left of its files. */
  readonly left: readonly string[];
}

/** Runs a program that writes files below `scratch`, those of an identity to `directory`, with these statements after, and others before. */
function endBy(statements: string, before = ''): Promise<Ending> {
  const script = `
    import fs from 'node:fs';
    import { createPki, writeFiles } from '${index}';
    ${before}
    const pki = createPki();
    const { directory } = writeFiles(pki.client(), '${scratch}/one');
    writeFiles(pki, '${scratch}/two');
    writeFiles(pki.client(), { directory: '${scratch}/three', layout: 'kubernetes' });
    ${statements}
  `;
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const child = execFile(process.execPath, ['--input-type=module', '--eval', script], (_error, stdout) => {
    const left = fs.readdirSync(scratch, { recursive: true }).map(String).toSorted();
    resolve({ code: child.exitCode, signal: child.signalCode, stdout, left });
  });
  return promise;
}

const stay = 'setInterval(() => {}, 1000);';

test.for([
  ['', { code: 0 }],
  ['process.exit(3);', { code: 3 }],
  ['throw new Error("uncaught");', { code: 1 }],
  ['Promise.reject(new Error("unhandled"));', { code: 1 }],
] as const)('files go with the process that ends by itself (%j)', async ([ending, expected]) => {
  expect(await endBy(ending)).toMatchObject({ ...expected, left: [] });
});

test.for(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGABRT'] as const)(
  'files go with the process that %s ends, which it still does',
  async (signal) => {
    expect(await endBy(`process.kill(process.pid, '${signal}'); ${stay}`)).toMatchObject({ signal, left: [] });
  },
);

const kept = ['one', 'one/ca.pem', 'one/cert.pem', 'one/key.pem'];

test.for([
  ['SIGKILL', `process.kill(process.pid, 'SIGKILL'); ${stay}`, 'SIGKILL'],
  ['process.abort()', 'process.abort();', 'SIGABRT'],
] as const)('files stay where %s ends the process, since no JavaScript runs any more', async ([, ending, signal]) => {
  const { left, ...how } = await endBy(ending);

  expect(how).toMatchObject({ signal });
  expect(left).toEqual(expect.arrayContaining(kept));
});

test.for(['SIGTERM', 'SIGUSR2', 'SIGQUIT'] as const)('a process that handles %s keeps its files until it ends', async (signal) => {
  const { stdout, code, left } = await endBy(`
    process.on('${signal}', () => { process.stdout.write(String(fs.existsSync(directory))); process.exit(5); });
    process.kill(process.pid, '${signal}'); ${stay}`);

  expect({ stdout, code, left }).toEqual({ stdout: 'true', code: 5, left: [] });
});

test('a listener that was added before by `once` still decides, as one does that restarts a program on SIGUSR2', async () => {
  const { stdout, signal, left } = await endBy(
    `process.kill(process.pid, 'SIGUSR2'); ${stay}`,
    `process.once('SIGUSR2', () => {
      setImmediate(() => { process.stdout.write(String(fs.existsSync(directory))); process.kill(process.pid, 'SIGUSR2'); });
    });`,
  );

  expect({ stdout, signal, left }).toEqual({ stdout: 'true', signal: 'SIGUSR2', left: [] });
});

test('files of a thread go when it ends by itself, and stay where it is terminated, or a signal ends its process', async () => {
  const { stdout, left, signal } = await endBy(`
    const { Worker } = await import('node:worker_threads');
    const run = (name, ending, whenReady) => new Promise((resolve) => {
      const code = 'import("${index}").then(({ createPki, writeFiles }) => { writeFiles(createPki({ intermediates: 0 }), "${scratch}/' + name + '"); ' + ending + ' });';
      const worker = new Worker(code, { eval: true, execArgv: [] });
      worker.on('message', () => whenReady(worker));
      worker.on('exit', resolve);
    });
    const wait = 'require("node:worker_threads").parentPort.postMessage(""); setInterval(() => {}, 1000);';
    await run('ended', 'process.exit(0)');
    await run('terminated', wait, (worker) => worker.terminate());
    fs.writeSync(1, [fs.existsSync('${scratch}/ended'), fs.existsSync('${scratch}/terminated')].join());
    await run('signal', wait, () => process.kill(process.pid, 'SIGTERM'));`);

  expect({ stdout, signal }).toEqual({ stdout: 'false,true', signal: 'SIGTERM' });
  expect(left).toEqual(['signal', 'signal/ca.pem', 'signal/crl.pem', 'terminated', 'terminated/ca.pem', 'terminated/crl.pem']);
});

test('two copies of this library in one process end it together', async () => {
  const { signal, left } = await endBy(`
    const copy = await import('${removal}?copy');
    fs.writeFileSync('${scratch}/copied', '');
    new copy.Removal({ directory: '${scratch}', created: undefined }).add('${scratch}/copied');
    process.kill(process.pid, 'SIGINT'); ${stay}`);

  expect({ signal, left }).toEqual({ signal: 'SIGINT', left: [] });
});

test.for([
  ['4', 'package.json', 'require("signal-exit").onExit'],
  ['3', 'node_modules/proper-lockfile/package.json', 'require("signal-exit")'],
] as const)('the package signal-exit %s, which counts listeners too, does not keep the process alive', async ([, user, onExit]) => {
  const { signal, stdout, left } = await endBy(`
    const { createRequire } = await import('node:module');
    const require = createRequire('${new URL(`../../../${user}`, import.meta.url).href}');
    ${onExit}(() => { process.stdout.write('hook'); });
    process.kill(process.pid, 'SIGTERM'); ${stay}`);

  expect({ signal, stdout, left }).toEqual({ signal: 'SIGTERM', stdout: 'hook', left: [] });
});

test('beside signal-exit a listener of the program still decides', async () => {
  const { stdout, code, left } = await endBy(`
    const { createRequire } = await import('node:module');
    const require = createRequire('${new URL('../../../package.json', import.meta.url).href}');
    require('signal-exit').onExit(() => {});
    process.on('SIGTERM', () => { process.stdout.write(String(fs.existsSync(directory))); process.exit(5); });
    process.kill(process.pid, 'SIGTERM'); ${stay}`);

  expect({ stdout, code, left }).toEqual({ stdout: 'true', code: 5, left: [] });
});

test('no listener is left over for files that are gone already', () => {
  const listeners = (): number[] =>
    ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGABRT'].map((event) => process.listenerCount(event));
  const before = listeners();

  const [one, other] = [writeFiles(alice), writeFiles(alice)];
  const during = listeners();
  one.remove();
  other.remove();

  expect(during).toEqual(before.map((count) => count + 1));
  expect(listeners()).toEqual(before);
});

test('what cannot be removed is one error of ours, the rest is gone, and the next call tries again', () => {
  const removal = new Removal({ directory: scratch, created: undefined });
  const [stuck, other] = [path.join(scratch, 'stuck'), path.join(scratch, 'other')];
  for (const file of [other, stuck]) {
    fs.writeFileSync(file, '');
    removal.add(file);
  }
  const { rmSync } = fs;
  const spy = vi.spyOn(fs, 'rmSync').mockImplementation((file, options) => {
    if (file === stuck) throw Object.assign(new Error(`EROFS: read-only file system, unlink '${stuck}'`), { code: 'EROFS' });
    rmSync(file, options);
  });

  expect(() => {
    removal.remove();
  }).toThrow(
    expect.objectContaining({
      code: 'REMOVE_FAILED',
      message: `Cannot remove "${stuck}": EROFS: read-only file system; remove it by hand, it may hold a private key`,
    }),
  );
  expect(fs.readdirSync(scratch)).toEqual(['stuck']);

  spy.mockRestore();
  removal.remove();
  expect(fs.readdirSync(scratch)).toEqual([]);
});

const index = new URL('../../../src/index.ts', import.meta.url).href;
const removal = new URL('../../../src/pki/files/removal.ts', import.meta.url).href;
