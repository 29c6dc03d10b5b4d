import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ReloadScenarioId } from '../../../src/scenarios/index.ts';
import type { ReloadMaterial, ReloadSource } from '../../../src/vitest/index.ts';

/** A program that is started with a configuration of its own, and reloads at SIGHUP or as it says. */
export interface ServerProgram {
  readonly command: string;
  /** Written into a new folder, by name. */
  readonly files: (at: {
    readonly port: number;
    readonly folder: string;
    readonly material: ReloadMaterial;
  }) => Readonly<Record<string, string>>;
  /** Symbolic links in that folder, by name: for programs that want other names. */
  readonly links?: (material: ReloadMaterial) => Readonly<Record<string, string>>;
  readonly options: (folder: string) => readonly string[];
  readonly signal: NodeJS.Signals;
  /** Waits for what has to be so before the signal, and for what the program does at it; the signal alone unless given. */
  readonly reload?: (signal: () => unknown, folder: string) => Promise<void>;
  readonly within: number;
}

/** Whether a program is installed. */
export async function hasProgram(command: string, version = '-v'): Promise<boolean> {
  try {
    await promisify(execFile)(command, [version]);
    return true;
  } catch {
    return false;
  }
}

/** A server under test in a process of its own. */
export function byProcess({ command, files, links = () => ({}), options, signal, reload, within }: ServerProgram): ReloadSource {
  let child: ChildProcess | undefined;
  let folder = '';
  return {
    start: async (material) => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), `reload-${command}-`));
      const port = await freePort();
      for (const [name, text] of Object.entries(files({ port, folder, material }))) fs.writeFileSync(path.join(folder, name), text);
      for (const [name, target] of Object.entries(links(material))) fs.symlinkSync(target, path.join(folder, name));
      const started = spawn(command, options(folder), { stdio: 'ignore' });
      child = started;
      const ended = once(started, 'exit');
      const close = async (): Promise<void> => {
        started.kill('SIGTERM');
        await ended;
        fs.rmSync(folder, { recursive: true, force: true });
      };
      try {
        await Promise.race([listens(port), ended.then(() => Promise.reject(new Error(`${command} ended before it listened`)))]);
      } catch (error) {
        fs.rmSync(folder, { recursive: true, force: true });
        throw error;
      }
      return { host: '127.0.0.1', port, close };
    },
    reload: () => {
      const sendSignal = (): unknown => child?.kill(signal);
      return reload ? reload(sendSignal, folder) : sendSignal();
    },
    within,
  };
}

/** Programs such as these take no port 0. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, 'close');
  return port;
}

/** Tries until a connection is accepted. */
async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a program is tried with that is told by a signal. Each damaged file is waited out: one of each. */
export const rowsBySignal: readonly ReloadScenarioId[] = [
  'after-reload-new-key',
  'after-reload-new-anchor',
  'after-reload-old-anchor',
  'after-reload-without-certificate',
  'after-reload-open-connection',
  'after-reload-revoked',
  'after-failed-reload-key-of-another',
  'after-failed-reload-ca-empty',
  'after-failed-reload-crl-truncated',
  'ca-garbage-at-start',
  'crl-unusable-configured',
  'lifetime-idle-after-reload',
  'lifetime-certificate-expired',
  'lifetime-anchor-removed',
  'lifetime-certificate-revoked',
];

const ended = { verdict: 'rejected', by: 'server' } as const;

/** A worker of before answers the request that it has, and ends its other connections. */
export const byNewWorkers = {
  'lifetime-idle-after-reload': ended,
  'lifetime-anchor-removed': ended,
  'lifetime-certificate-revoked': ended,
} as const;
