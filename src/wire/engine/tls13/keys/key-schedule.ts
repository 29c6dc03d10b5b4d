import { createHash, createHmac } from 'node:crypto';
import { expandLabel } from '../../../records/expand-label.ts';

/** The secrets of a connection, one after another (RFC 8446 7.1). */
export class KeySchedule {
  readonly hash: string;
  #secret: Buffer;

  /** Begins with the early secret, of the pre-shared key or of none. */
  constructor(hash: string, preSharedKey?: Uint8Array) {
    this.hash = hash;
    this.#secret = extract(hash, zeros(hash), preSharedKey ?? zeros(hash));
  }

  /** Goes on to the handshake secret. */
  addSharedSecret(shared: Uint8Array): void {
    this.#secret = extract(this.hash, this.derive('derived', emptyHash(this.hash)), shared);
  }

  /** Goes on to the master secret. */
  finish(): void {
    this.addSharedSecret(zeros(this.hash));
  }

  /** Derive-Secret of the secret that it has come to. */
  derive(label: string, transcriptHash: Uint8Array): Buffer {
    return expandLabel(this.hash, this.#secret, label, zeros(this.hash).length, transcriptHash);
  }
}

/** The verify_data of a Finished, or a binder, by the secret that it is based on (RFC 8446 4.4.4). */
export function finishedMac(hash: string, secret: Uint8Array, transcriptHash: Uint8Array): Buffer {
  const key = expandLabel(hash, secret, 'finished', secret.length);
  return createHmac(hash, key).update(transcriptHash).digest();
}

/** The key that the binder of a pre-shared key is based on: of one that a ticket stands for (RFC 8446 7.1). */
export function binderKey(hash: string, preSharedKey: Uint8Array): Buffer {
  return new KeySchedule(hash, preSharedKey).derive('res binder', emptyHash(hash));
}

/** The pre-shared key of a ticket (RFC 8446 4.6.1). */
export function preSharedKeyOf(hash: string, resumptionMaster: Uint8Array, nonce: Uint8Array): Buffer {
  return expandLabel(hash, resumptionMaster, 'resumption', resumptionMaster.length, nonce);
}

function extract(hash: string, salt: Uint8Array, input: Uint8Array): Buffer {
  return createHmac(hash, salt).update(input).digest();
}

function emptyHash(hash: string): Buffer {
  return createHash(hash).digest();
}

function zeros(hash: string): Buffer {
  return Buffer.alloc(hash === 'sha384' ? 48 : 32);
}
