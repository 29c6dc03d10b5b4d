import type { TlsRecord } from '../records/tls-record.ts';
import type { Tls12Protection } from '../records/tls12-protection.ts';
import { openTls12Record } from '../records/tls12-record.ts';
import { contentType } from '../registry/content-types.ts';
import type { OpenedRecord, RecordOpener, SealedRecord } from './record-opener.ts';

/** Opens what one side of a TLS 1.2 connection sends after its change_cipher_spec (RFC 5246 6.2.3.3). */
export class Tls12Opener implements RecordOpener {
  readonly #protection: Tls12Protection;
  #sequence = 0;

  constructor(protection: Tls12Protection) {
    this.#protection = protection;
  }

  open({ type: name, legacyVersion, fragment }: TlsRecord): OpenedRecord | SealedRecord {
    const type = name === 'not-tls' ? 0 : contentType[name];
    const content = openTls12Record(fragment, this.#protection, {
      type,
      version: Buffer.from(legacyVersion, 'hex'),
      sequence: this.#sequence,
    });
    this.#sequence += 1; // a record that was corrupted on its way counts too
    return content ? { type, content } : { problem: 'it does not open with the secret of the key log' };
  }
}
