import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Pki } from '../../../src/index.ts';
import { startSvidSource, startWorkloadApi, type WorkloadApi, type WorkloadApiOptions } from '../../../src/spiffe/index.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';

const trustDomain = 'example.test';
const web = 'spiffe://example.test/web';

test('the socket is for this user alone, and gone with its folder after the end', async () => {
  const api = await startWorkloadApi({ trustDomain });
  const socket = socketOf(api);

  const { mode, uid } = statSync(socket);
  const folderMode = statSync(path.dirname(socket)).mode;
  await api.close();
  await api.close();

  expect([mode & 0o777, folderMode & 0o777, uid]).toEqual([0o600, 0o700, process.getuid?.()]);
  expect(existsSync(path.dirname(socket))).toBe(false);
});

test('a socket at a given path is for this user alone, whatever the umask, and removed at the end', async () => {
  using folder = temporaryFolder();
  const socket = path.join(folder.path, 'a.sock');
  const modeOf = (name: string): number => {
    const file = path.join(folder.path, name);
    writeFileSync(file, '');
    const found = statSync(file).mode;
    rmSync(file);
    return found;
  };
  const before = modeOf('before');

  const api = await startWorkloadApi({ trustDomain, socket });
  const { mode } = statSync(socket);
  await api.close();

  expect(api.env).toEqual({ SPIFFE_ENDPOINT_SOCKET: `unix://${socket}` });
  expect(mode & 0o777).toBe(0o600);
  expect(modeOf('after')).toBe(before);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('on TCP it listens on loopback', async () => {
  await using api = await startWorkloadApi({ trustDomain, port: 0 });

  expect(api.address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/u);
});

test('the socket of a process that was killed is replaced', async () => {
  using folder = temporaryFolder();
  const socket = path.join(folder.path, 'stale.sock');
  const program = `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  expect(() => execFileSync(process.execPath, ['--eval', program], { stdio: 'pipe' })).toThrow(
    expect.objectContaining({ signal: 'SIGKILL' }),
  );
  expect(existsSync(socket)).toBe(true);

  await using api = await startWorkloadApi({ trustDomain, socket, workloads: [web] });
  using source = await startSvidSource({ address: api.address });

  expect(source.identity.name).toBe(web);
});

test('a socket at which another server listens is left alone', async () => {
  await using first = await startWorkloadApi({ trustDomain, workloads: [web] });

  await expect(startWorkloadApi({ trustDomain, socket: socketOf(first) })).rejects.toThrow(
    expect.objectContaining({ code: 'SOCKET_IN_USE', facts: { path: socketOf(first), problem: 'another server listens there' } }),
  );
  using source = await startSvidSource({ address: first.address });

  expect(source.identity.name).toBe(web);
});

test('a file that is not a socket is left alone, and a folder that does not exist is reported', async () => {
  using folder = temporaryFolder();
  const file = folder.write('file', 'precious');

  await expect(startWorkloadApi({ trustDomain, socket: file })).rejects.toThrow(
    expect.objectContaining({ code: 'SOCKET_IN_USE', message: expect.stringContaining('not a socket') }),
  );
  await expect(startWorkloadApi({ trustDomain, socket: path.join(folder.path, 'no/such.sock') })).rejects.toThrow(
    expect.objectContaining({ code: 'SOCKET_IN_USE', message: expect.stringMatching(/EACCES|ENOENT/u) }),
  );
  expect(readdirSync(folder.path)).toEqual(['file']);
});

test('a port that is taken is reported', async () => {
  await using first = await startWorkloadApi({ trustDomain, port: 0 });
  const port = Number(first.address.split(':').at(-1));

  await expect(startWorkloadApi({ trustDomain, port })).rejects.toThrow(expect.objectContaining({ code: 'PORT_IN_USE' }));
});

test('a thousand clients connect in one turn', async () => {
  await using api = await startWorkloadApi({ trustDomain });

  const outcomes = await Promise.all(
    Array.from({ length: 1000 }, () => {
      const connection = net.connect(socketOf(api));
      onTestFinished(() => void connection.destroy());
      return new Promise((resolve) => {
        connection.once('connect', () => resolve('connected'));
        connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      });
    }),
  );

  expect(new Set(outcomes)).toEqual(new Set(['connected']));
});

test('the longest path that the kernel takes is taken', async () => {
  using folder = temporaryFolder();
  const longest = process.platform === 'linux' ? 107 : 103;
  const nested = path.join(folder.path, 'd'.repeat(50));
  mkdirSync(nested);
  const socket = path.join(nested, 's'.repeat(longest - nested.length - 1));

  await using api = await startWorkloadApi({ trustDomain, socket });
  const connection = net.connect(socket);
  await new Promise((resolve) => connection.once('connect', resolve));
  connection.destroy();

  expect(Buffer.byteLength(socketOf(api))).toBe(longest);
  await expect(startWorkloadApi({ trustDomain, socket: `${socket}x` })).rejects.toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});

describe('bad options are refused before anything opens:', () => {
  test.for<[what: string, code: string, options: WorkloadApiOptions]>([
    ['no trust domain', 'OPTION_INVALID', {} as WorkloadApiOptions],
    ['a trust domain with a scheme', 'OPTION_INVALID', { trustDomain: 'spiffe://example.test' }],
    ['a trust domain in capitals', 'OPTION_INVALID', { trustDomain: 'Example.test' }],
    ['a trust domain with a port', 'OPTION_INVALID', { trustDomain: 'example.test:80' }],
    ['a trust domain with a path', 'OPTION_INVALID', { trustDomain: 'example.test/web' }],
    ['a socket and a port', 'OPTION_INVALID', { trustDomain, socket: '/tmp/a.sock', port: 0 }],
    ['a relative path', 'OPTION_INVALID', { trustDomain, socket: 'a.sock' }],
    ['a path with a NUL', 'OPTION_INVALID', { trustDomain, socket: '/tmp/a\0b' }],
    ['a port out of range', 'OPTION_INVALID', { trustDomain, port: 65_536 }],
    ['a PKI that is none', 'OPTION_INVALID', { trustDomain, pki: {} as Pki }],
    ['workloads that are not a list', 'OPTION_INVALID', { trustDomain, workloads: web as unknown as [] }],
    ['an id of another trust domain', 'NAME_INVALID', { trustDomain, workloads: ['spiffe://other.test/web'] }],
    ['an id without a path', 'NAME_INVALID', { trustDomain, workloads: ['spiffe://example.test'] }],
    ['a malformed id', 'NAME_INVALID', { trustDomain, workloads: ['spiffe://example.test/../web'] }],
    ['no id', 'NAME_INVALID', { trustDomain, workloads: [null as unknown as string] }],
    ['an id twice', 'OPTION_INVALID', { trustDomain, workloads: [web, { id: web }] }],
    [
      'a hint twice',
      'OPTION_INVALID',
      {
        trustDomain,
        workloads: [
          { id: web, hint: 'a' },
          { id: `${web}2`, hint: 'a' },
        ],
      },
    ],
    ['a hint of 1,025 octets', 'OPTION_INVALID', { trustDomain, workloads: [{ id: web, hint: 'h'.repeat(1025) }] }],
    ['a misspelled option of a workload', 'OPTION_INVALID', { trustDomain, workloads: [{ id: web, hnit: 'a' } as { id: string }] }],
    ['a misspelled option', 'OPTION_INVALID', { trustDomain, sokcet: '/tmp/a' } as WorkloadApiOptions],
  ])('%s', async ([, code, options]) => {
    await expect(startWorkloadApi(options)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

function socketOf({ address }: WorkloadApi): string {
  return address.replace('unix://', '');
}
