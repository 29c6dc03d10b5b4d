import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import { startChild } from './peers/child.ts';
import type { TemporaryFolder } from './temporary-folder.ts';

/** A server that runs as a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly servername: 'localhost';
}

/** Starts a server that reads its files in the folder, and waits until it says that it is ready. */
export async function running(
  [command, ...args]: readonly [string, ...string[]],
  { address, ready, folder }: { readonly address: Address; readonly ready: RegExp; readonly folder: TemporaryFolder },
): Promise<ServerProcess> {
  fs.chmodSync(folder.path, 0o755); // its workers run as another user
  const child = startChild(command, args);
  await child.until(ready);
  return {
    ...address,
    servername: 'localhost',
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** nginx with these servers, over HTTP; all of its files are in the folder. */
export function runningNginx(
  servers: readonly string[],
  { address, folder }: { readonly address: Address; readonly folder: TemporaryFolder },
): Promise<ServerProcess> {
  const file = folder.write(
    'nginx.conf',
    `daemon off;
worker_processes 1;
pid ${folder.path}/nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder.path}/${kind};`).join('\n  ')}
  ${servers.join('\n  ')}
}
`,
  );
  return running(['nginx', '-p', folder.path, '-c', file, '-e', 'stderr'], { address, ready: /start worker process \d+/u, folder });
}

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** nginx, Apache, HAProxy and `openssl s_server` cannot listen on any free port: each gets a loopback address of its own, on which every port is free. */
export function ownAddress(): Address {
  return { host: `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`, port: 8443 };
}
