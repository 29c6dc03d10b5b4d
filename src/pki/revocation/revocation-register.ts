import { invalidOption } from '../../errors/index.ts';
import type { Der } from '../../asn1/der-writer.ts';
import { encodePem } from '../../asn1/pem.ts';
import { realNow } from '../../clock/real-clock.ts';
import { requireKnownOptions } from '../../options/checks.ts';
import { authorityKeyIdentifier } from '../../x509/extensions.ts';
import {
  crlNumber,
  encodeRevocationList,
  isRevocationReason,
  type RevocationReason,
  revocationReasons,
  type RevokedCertificate,
} from '../../x509/revocation/revocation-list.ts';
import type { Signer } from '../../x509/signature.ts';
import { requireDate, updatesOf } from '../certificate-parts.ts';

/** How to write a CRL. */
export interface CrlOptions {
  /** Default: an hour before now, or a day before a `nextUpdate` that is earlier. */
  readonly thisUpdate?: Date | undefined;
  /** Default: a day after `thisUpdate`; in the past for a stale list. */
  readonly nextUpdate?: Date | undefined;
  /** cRLNumber; default: one more than that of the last list. */
  readonly number?: number | undefined;
}

/** Why and when something was revoked. */
export interface Revocation {
  /** Default `unspecified`. */
  readonly reason?: RevocationReason | undefined;
  /** Default: now. */
  readonly date?: Date | undefined;
}

/** What an authority has revoked, and the lists it has published of it. */
export class RevocationRegister {
  readonly #revoked: RevokedCertificate[];
  #lastNumber: number;

  constructor(revoked: readonly RevokedCertificate[] = [], lastNumber = 0) {
    this.#revoked = [...revoked];
    this.#lastNumber = lastNumber;
  }

  /** In order. */
  get revoked(): readonly RevokedCertificate[] {
    return [...this.#revoked];
  }

  /** The number of the last list; 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Enters a serial number; one that is there already gets the new reason and date. */
  add(serialNumber: bigint, { reason = 'unspecified', date = new Date(realNow()) }: Revocation): void {
    const entry = { serialNumber, reason, date };
    const listed = this.#revoked.findIndex((revoked) => revoked.serialNumber === serialNumber);
    if (listed >= 0) this.#revoked[listed] = entry;
    else this.#revoked.push(entry);
  }

  /** A new list: PEM, `X509 CRL`. */
  publish(options: CrlOptions, issuer: { readonly subject: Der; readonly keyIdentifier: Uint8Array; readonly signer: Signer }): string {
    requireKnownOptions('CRL option', options, ['thisUpdate', 'nextUpdate', 'number']);
    const { number = this.#lastNumber + 1 } = options;
    const { notBefore: thisUpdate, notAfter: nextUpdate } = updatesOf(options, { validFor: day, backdate });
    if (!Number.isSafeInteger(number) || number < 0) {
      throw invalidOption('number', number, 'an integer that is not negative');
    }
    this.#lastNumber = number;
    const extensions = [authorityKeyIdentifier(issuer.keyIdentifier), crlNumber(number)];
    const plan = { issuer: issuer.subject, thisUpdate, nextUpdate, revoked: this.#revoked, extensions };
    return encodePem('X509 CRL', encodeRevocationList(plan, issuer.signer));
  }
}

/** A revocation as callers give it: a word, or reason and date. Throws `OPTION_INVALID`. */
export function parseRevocation(given: RevocationReason | Revocation): Revocation {
  const revocation: Revocation = typeof given === 'string' ? { reason: given } : given;
  requireKnownOptions('revocation option', revocation, ['reason', 'date']);
  const { reason, date } = revocation;
  if (reason !== undefined && !isRevocationReason(reason)) {
    throw invalidOption('reason', reason, `one of ${revocationReasons().join(', ')}`);
  }
  requireDate('date', date);
  return revocation;
}

const hour = 3_600_000;
const day = 24 * hour;
const backdate = hour;
