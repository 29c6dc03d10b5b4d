import { fileURLToPath } from 'node:url';
import { timed } from '../measure.ts';
import type { OpenPeer } from './peer.ts';
import { isInstalled, run, startMinter } from './programs.ts';

/** Python's trustme, in a program that stays. */
export const trustme: OpenPeer = async () => {
  const python = pythonWithTrustme();
  if (python === undefined) return undefined;
  const { mint, ask, close } = startMinter(python, [fileURLToPath(new URL('mint.py', import.meta.url))]);
  const isRsaOnly = (await ask('algorithms 0')) === 'rsa';
  return {
    name: 'trustme',
    runs: 'in its own process',
    mints: {
      leaf: isRsaOnly ? 'RSA only' : mint('leaf'),
      chain: isRsaOnly ? 'RSA only' : mint('chain'),
      rsaLeaf: mint('rsaLeaf'),
      rsaLeafOfKey: 'always a new key',
    },
    close,
  };
};

/** `python3 -m trustme`, which makes a new CA each time. */
export const trustmeCommand: OpenPeer = async (folder) => {
  const python = pythonWithTrustme();
  if (python === undefined) return undefined;
  return {
    name: 'python3 -m trustme (CA and leaf)',
    runs: 'a process a call',
    mints: {
      leaf: 'RSA only',
      chain: 'no intermediates',
      rsaLeaf: timed(() => run(python, ['-m', 'trustme', '-q', '-d', folder, '-i', 'localhost', '127.0.0.1', '::1'])),
      rsaLeafOfKey: 'always a new key',
    },
  };
};

/** Debian's package is the system's Python's, which need not be the first on the path. */
export function pythonWithTrustme(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => isInstalled(python, ['-c', 'import trustme']));
}
