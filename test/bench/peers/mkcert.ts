import path from 'node:path';
import { timed } from '../measure.ts';
import type { OpenPeer } from './peer.ts';
import { isInstalled, run } from './programs.ts';

/** The mkcert command; its CA has an RSA key of 3,072 bits, also for leaves of P-256, and a folder of its own here. */
export const mkcert: OpenPeer = async (folder) => {
  if (!isInstalled('mkcert', ['-version'])) return undefined;
  const files = ['-cert-file', path.join(folder, 'cert.pem'), '-key-file', path.join(folder, 'key.pem')];
  const mint = (...options: readonly string[]): Promise<string> =>
    run('mkcert', [...options, ...files, 'localhost', '127.0.0.1', '::1'], { CAROOT: folder, TRUST_STORES: 'none' });
  await mint(); // makes the CA
  return {
    name: 'mkcert',
    runs: 'a process a call',
    mints: { leaf: timed(() => mint('-ecdsa')), chain: 'no intermediates', rsaLeaf: timed(() => mint()), rsaLeafOfKey: 'always a new key' },
  };
};
