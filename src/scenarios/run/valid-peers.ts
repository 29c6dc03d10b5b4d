import { legitimateClient, legitimateServer } from './authorization.ts';
import type { ValidPeers } from '../catalogue/protocol-scenario.ts';
import type { LegitimatePeer } from '../catalogue/scenario.ts';

/** The peers that a side under test lets in, minted when they are asked for. */
export function validPeers(authorizes?: LegitimatePeer): ValidPeers {
  return {
    client: (pki) => legitimateClient(pki, authorizes),
    server: (pki) => legitimateServer(pki, authorizes),
  };
}
