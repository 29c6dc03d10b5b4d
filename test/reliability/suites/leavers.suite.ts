import { appendFileSync } from 'node:fs';
import { expect, test } from '../../../src/vitest/index.ts';
import { createPki, type ObservedServer, startTlsServer, writeFiles } from '../../../src/index.ts';
import { isOpen } from '../is-open.ts';

let left: { readonly host: string; readonly port: number };

test('throws while its servers are open', async ({ server, pki }) => {
  await using own = await startTlsServer({ identity: pki.server() });
  left = addressOf(own);
  await isOpen(addressOf(server));
  throw new Error('on purpose');
});

test('whose own server is closed then', async () => {
  expect(await isOpen(left)).toBe(false);
});

test('is over its time while its server is open', { timeout: 200 }, async ({ server }) => {
  left = addressOf(server);
  await new Promise(() => {});
});

test('whose fixture is closed then', async () => {
  expect(await isOpen(left)).toBe(false);
});

test('is killed with a server and files, on request', { timeout: 60_000 }, async ({ server }) => {
  const log = process.env['LEAVERS_LOG'];
  if (log === undefined) return;
  const { directory } = writeFiles(createPki().client());
  appendFileSync(log, JSON.stringify({ directory, ...addressOf(server), worker: process.pid }));
  await new Promise(() => {});
});

function addressOf({ host, port }: ObservedServer): { readonly host: string; readonly port: number } {
  return { host, port };
}
