import type { Side } from '../../tap/capture.ts';
import { type PrfHash, tls12Prf } from '../../records/tls12-prf.ts';

/** Both hellos' randoms. */
export interface Randoms {
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
}

/** The master secret (RFC 5246 8.1); of a session hash the extended one (RFC 7627 4), which binds it to all messages up to ClientKeyExchange. */
export function masterSecret(hash: PrfHash, premasterSecret: Uint8Array, from: Randoms | { readonly sessionHash: Uint8Array }): Buffer {
  const length = masterSecretLength;
  if ('sessionHash' in from) return tls12Prf(hash, premasterSecret, { label: 'extended master secret', seed: [from.sessionHash], length });
  return tls12Prf(hash, premasterSecret, { label: 'master secret', seed: [from.clientRandom, from.serverRandom], length });
}

/** The verify_data of one side's Finished (RFC 5246 7.4.9). */
export function verifyData(hash: PrfHash, secret: Uint8Array, { sentBy, transcriptHash }: VerifyDataInput): Buffer {
  return tls12Prf(hash, secret, { label: `${sentBy} finished`, seed: [transcriptHash], length: verifyDataLength });
}

/** Whose Finished, and the hash of the handshake messages before it. */
export interface VerifyDataInput {
  readonly sentBy: Side;
  readonly transcriptHash: Uint8Array;
}

const masterSecretLength = 48;
const verifyDataLength = 12;
