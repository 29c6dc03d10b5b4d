import type { KeyObject } from 'node:crypto';

/** A certificate chain with the key of its leaf. */
export interface EngineCredential {
  /** DER, the leaf first. Sent as they are. */
  readonly certificates: readonly Uint8Array[];
  readonly privateKey: KeyObject;
}
