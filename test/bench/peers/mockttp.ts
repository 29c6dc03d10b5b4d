import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';
import { startMinter } from './programs.ts';

/** The CA with which the proxy mockttp makes up the servers that it stands in for; in a process of its own, for its @peculiar/x509 is another one, and the two break each other. */
export async function mockttp(): Promise<Peer> {
  const { mint, close } = startMinter(process.execPath, [fileURLToPath(new URL('../programs/mint-with-mockttp.ts', import.meta.url))]);
  return {
    name: "mockttp's CA",
    runs: 'in its own process',
    mints: { leaf: 'RSA only', chain: 'no intermediates', rsaLeaf: 'one key for all', rsaLeafOfKey: mint('rsaLeafOfKey') },
    close,
  };
}
