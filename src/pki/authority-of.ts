import type { RevocationReason, RevokedCertificate } from '../x509/revocation/revocation-list.ts';
import type { CertificateHolder } from './certificate-holder.ts';
import type { AuthorityOptions, LeafOptions } from './leaf-options.ts';
import type { OcspOptions } from './revocation/ocsp-responder.ts';
import type { CrlOptions, Revocation } from './revocation/revocation-register.ts';

/**
 * A certification authority: its certificate and key. Issues identities (`Issued`) and subordinate authorities, revokes, publishes CRLs, answers OCSP.
 * `createPki()` and `issueAuthority()` make one.
 */
export interface AuthorityOf<Issued extends CertificateHolder> extends CertificateHolder {
  /** The common name of its certificate. */
  readonly name: string;
  /** PEM of its own certificate and those above it, without the root. A root's is empty. */
  readonly chainPem: string;
  /** PEM of the root it descends from: what to trust. */
  readonly anchors: string;
  /** The authority that issued it; absent for a root. */
  readonly parent: AuthorityOf<Issued> | undefined;
  /** What has been revoked, in order. */
  readonly revoked: readonly RevokedCertificate[];
  /** The number of the last CRL; 0 before the first. */
  readonly lastCrlNumber: number;
  /**
   * Issues a leaf. Default purposes: serverAuth and clientAuth both; `pki.server()` and `pki.client()` issue for one role.
   * Bad options throw `OPTION_INVALID`, `NAME_INVALID`, `DATE_ORDER`, `SERIAL_NUMBER_INVALID`, `KEY_ALGORITHM_UNKNOWN` and so on, before a key is made.
   */
  issue(options?: LeafOptions): Issued;
  /** Issues a subordinate authority. Throws `CA_PATH_LENGTH` where the path length of this one, or of one above, does not allow it. */
  issueAuthority(options?: AuthorityOptions): AuthorityOf<Issued>;
  /**
   * Puts a certificate on the CRLs to come: an identity or authority that this one issued, or a serial number (hexadecimal where it is
   * text). Throws `NOT_THE_ISSUER` for one that another authority issued: its own CRL would not list it.
   */
  revoke(target: CertificateHolder | bigint | string, reason?: RevocationReason | Revocation): void;
  /** A new CRL: PEM, `X509 CRL`. */
  crl(options?: CrlOptions): string;
  /**
   * DER of an OCSP response (RFC 6960) about one certificate, as a server staples it: `revoked` for what this authority has revoked, `good` for
   * everything else that it issued, unless the options say otherwise. Throws `NOT_THE_ISSUER` for a certificate of another authority.
   */
  ocspResponse(target: CertificateHolder | bigint | string, options?: OcspOptions): Buffer;
  /** DER of the answer to a whole OCSP request, which may ask about several certificates and hold a nonce; to other bytes it is `malformedRequest`. */
  answerOcsp(request: Uint8Array, options?: OcspOptions): Buffer;
  /** Never the key: what JSON.stringify and snapshots show. */
  toJSON(): object;
}
