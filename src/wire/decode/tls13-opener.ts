import type { Side } from '../tap/capture.ts';
import { nextTrafficSecret } from '../records/expand-label.ts';
import { hashOfSuite, isTls13Suite, openRecord } from '../records/protected-record.ts';
import type { TlsRecord } from '../records/tls-record.ts';
import type { OpenedRecord, RecordOpener, SealedRecord } from './record-opener.ts';

/** Opens what one side of a TLS 1.3 connection sends after the ServerHello: first with its handshake secret, from its Finished on with the application's. */
export class Tls13Opener implements RecordOpener {
  readonly #cipher: string;
  readonly #applicationSecret: Buffer | undefined;
  #secret: Buffer | undefined;
  #isInHandshake = true;
  #sequence = 0;
  /** Whether records that do not open may be data sent before the handshake, under a secret of their own. */
  #mayBeEarlyData: boolean;

  constructor({ side, cipher, secrets, earlyData }: Tls13OpenerOptions) {
    const prefix = side === 'client' ? 'CLIENT' : 'SERVER';
    this.#cipher = cipher;
    this.#secret = secrets.get(`${prefix}_HANDSHAKE_TRAFFIC_SECRET`);
    this.#applicationSecret = secrets.get(`${prefix}_TRAFFIC_SECRET_0`);
    this.#mayBeEarlyData = side === 'client' && earlyData;
  }

  open({ fragment, legacyVersion }: TlsRecord): OpenedRecord | SealedRecord {
    if (!isTls13Suite(this.#cipher)) return { problem: `records of ${this.#cipher} are not opened here` };
    if (!this.#secret && !this.#applicationSecret) return { problem: 'the key log has no secret for it' };
    const opened = this.#openNow(fragment) ?? this.#openAhead(fragment);
    if (!opened) return this.#closed();
    this.#mayBeEarlyData = false;
    // It is part of what is authenticated, where openRecord takes it for granted (RFC 8446 5.2).
    return legacyVersion === '0303' ? opened : { ...opened, note: `its header has the version ${legacyVersion} in place of 0303` };
  }

  /** This side has sent its Finished: what follows has the application's keys (RFC 8446 7.1). One after the handshake changes nothing. */
  finished(): void {
    if (this.#isInHandshake) this.#change(this.#applicationSecret);
  }

  /** This side has sent a KeyUpdate (RFC 8446 7.2). */
  updateKey(): void {
    if (!this.#isInHandshake) this.#change(this.#secret && nextTrafficSecret(hashOfSuite(this.#cipher) ?? 'sha256', this.#secret));
  }

  #openNow(fragment: Uint8Array): OpenedRecord | undefined {
    const opened = this.#secret && openRecord(fragment, { cipher: this.#cipher, secret: this.#secret, sequence: this.#sequence });
    if (opened) this.#sequence += 1;
    return opened;
  }

  /** The first record with the application's keys where the Finished could not be read: its own record did not open. */
  #openAhead(fragment: Uint8Array): OpenedRecord | undefined {
    if (!this.#isInHandshake || !this.#applicationSecret) return undefined;
    const opened = openRecord(fragment, { cipher: this.#cipher, secret: this.#applicationSecret, sequence: 0 });
    if (!opened) return undefined;
    this.#change(this.#applicationSecret);
    this.#sequence = 1;
    return { ...opened, note: 'under the keys of the application, before a Finished of this side could be read' };
  }

  #closed(): SealedRecord {
    if (this.#mayBeEarlyData) return { problem: 'early data, which is not opened here' };
    this.#sequence += 1; // a record that was corrupted on its way counts too
    return { problem: this.#secret ? 'it does not open with the secret of the key log' : 'the key log has no secret for it' };
  }

  #change(secret: Buffer | undefined): void {
    this.#isInHandshake = false;
    this.#secret = secret;
    this.#sequence = 0;
  }
}

interface Tls13OpenerOptions {
  readonly side: Side;
  readonly cipher: string;
  readonly secrets: ReadonlyMap<string, Buffer>;
  /** Whether the client announced early data. */
  readonly earlyData: boolean;
}
