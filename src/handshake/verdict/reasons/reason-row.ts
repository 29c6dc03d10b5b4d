import type { AlertName } from '../../../wire/records/alerts.ts';
import type { PeerCertificate } from '../../../x509/inspect-certificate.ts';
import type { Reason } from './reason.ts';
import type { Refusal } from './refusal.ts';

/** What is wrong with one certificate, in a few words. */
export interface Fault {
  readonly certificate: PeerCertificate;
  /** For the mark in the chain: `expired`. */
  readonly mark: string;
}

/** What is known of a reason beforehand. */
export interface ReasonRow {
  /** The certificates that show the fault; none where they do not show it. */
  readonly faults?: (refusal: Refusal) => readonly Fault[];
  /** The next step: one sentence that names the cause of this very refusal, and what to change. */
  readonly next: (refusal: Refusal) => string;
}

/** A reason of the verification of a certificate. */
export interface VerifyRow extends ReasonRow {
  /** X509_verify_cert_error_string in the OpenSSL 3.5 of Node 22, 24 and 26; undefined for `UNSPECIFIED`, which stands for several. */
  readonly words: string | undefined;
  /** Whether Node says `UNSPECIFIED` in its place. */
  readonly hidden?: true;
  /** The alert that OpenSSL's own servers choose for it (measured; ssl/statem's table). */
  readonly alert: AlertName;
}

/** A table of some reasons: a name that is not one does not compile. */
export type Rows<Row extends ReasonRow> = { readonly [R in Reason]?: Row };
