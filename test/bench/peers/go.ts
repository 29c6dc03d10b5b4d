import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenPeer } from './peer.ts';
import { isInstalled, run, startMinter } from './programs.ts';

/** Go's crypto/x509, in a program that stays. */
export const go: OpenPeer = async (folder) => {
  if (!isInstalled('go')) return undefined;
  const { mint, close } = startMinter(await buildGoMinter(folder), []);
  return {
    name: "Go's crypto/x509",
    runs: 'in its own process',
    mints: { leaf: mint('leaf'), chain: mint('chain'), rsaLeaf: mint('rsaLeaf'), rsaLeafOfKey: mint('rsaLeafOfKey') },
    close,
  };
};

/** The path of the built program. */
export async function buildGoMinter(folder: string): Promise<string> {
  const program = path.join(folder, 'mint');
  await run('go', ['build', '-o', program, fileURLToPath(new URL('mint.go', import.meta.url))], { GO111MODULE: 'off' });
  return program;
}
