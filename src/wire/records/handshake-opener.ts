import type { Side } from '../tap/capture.ts';
import { openRecord, type Protection, suitesOfSecret } from './protected-record.ts';
import type { TrafficSecrets } from './traffic-secrets.ts';

/** The content of a record, and what it was protected with. */
export interface OpenedHandshakeRecord {
  readonly content: Uint8Array;
  readonly type: number;
  readonly protection: Protection;
}

/**
 * Opens the records that one side sends under its handshake traffic secret (RFC 8446 7.1), in order, while the handshake goes on. The hellos need not be known: of
 * the suites whose hash has the length of the secret, the one that opens the first record is the connection's.
 */
export class HandshakeOpener {
  readonly #label: string;
  readonly #secrets: TrafficSecrets;
  #suites: readonly string[] | undefined;
  #sequence = 0;

  /** `secrets` are filled from the key log as its lines come. */
  constructor(sentBy: Side, secrets: TrafficSecrets) {
    this.#label = `${sentBy.toUpperCase()}_HANDSHAKE_TRAFFIC_SECRET`;
    this.#secrets = secrets;
  }

  /** Whether a record has been opened: the connection is one of TLS 1.3. */
  get hasOpened(): boolean {
    return this.#sequence > 0;
  }

  /** Opens the fragment of the next record; undefined where the secret is not known, or is not the one that it was sealed with. */
  open(fragment: Uint8Array): OpenedHandshakeRecord | undefined {
    const secret = this.#secrets.get(this.#label);
    if (!secret) return undefined;
    for (const cipher of this.#suites ?? suitesOfSecret(secret)) {
      const protection = { cipher, secret, sequence: this.#sequence };
      const opened = openRecord(fragment, protection);
      if (!opened) continue;
      this.#suites = [cipher];
      this.#sequence += 1;
      return { ...opened, protection };
    }
    return undefined;
  }
}
