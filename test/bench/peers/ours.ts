import { generateKeyPairSync } from 'node:crypto';
import { createPki, type Identity } from '../../../src/index.ts';
import { timed } from '../measure.ts';
import type { Peer } from './peer.ts';

export async function ours(): Promise<Peer> {
  const pki = createPki();
  const rsa = createPki({ keyAlgorithm: 'rsa-2048' });
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const identity = (): Identity => {
    const leaf = pki.server();
    void leaf.tls; // which it keeps from then on
    return leaf;
  };
  return {
    identity,
    name: 'mtls-fixtures',
    runs: 'in this process',
    mints: {
      leaf: timed(identity),
      chain: timed(() => createPki().server().tls),
      rsaLeaf: timed(() => rsa.server().tls),
      rsaLeafOfKey: timed(() => rsa.server({ key }).tls),
    },
  };
}
