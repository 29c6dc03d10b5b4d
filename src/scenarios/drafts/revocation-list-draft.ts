import type { KeyObject } from 'node:crypto';
import type { Der } from '../../asn1/der-writer.ts';
import { authorityKeyIdentifier, type Extension } from '../../x509/extensions.ts';
import { crlNumber, encodeRevocationList, type RevokedCertificate } from '../../x509/revocation/revocation-list.ts';
import { type Signer, signerFor } from '../../x509/signature.ts';
import type { Validity } from '../../x509/validity.ts';
import { type CertificateDraft, type Issuer, issuerFacts } from './certificate-draft.ts';

/** A draft of a CRL: valid and empty until something is changed. */
export class RevocationListDraft {
  readonly issuer: Issuer;
  /** DER of the issuer's Name, where it is not the issuer's subject. */
  issuerName: Der | undefined;
  thisUpdate: Date;
  /** undefined leaves it out. */
  nextUpdate: Date | undefined;
  readonly revoked: RevokedCertificate[] = [];
  /** Besides the authorityKeyIdentifier. */
  extensions: Extension[] = [crlNumber(1)];
  /** How it is signed, where it is not the issuer's usual way. */
  signer: ((issuerKey: KeyObject) => Signer) | undefined;

  constructor(issuer: Issuer, { notBefore, notAfter }: Validity) {
    this.issuer = issuer;
    this.thisUpdate = notBefore;
    this.nextUpdate = notAfter;
  }

  /** Lists a certificate. */
  revoke({ serialNumber }: Pick<CertificateDraft, 'serialNumber'>, reason: RevokedCertificate['reason'] = 'keyCompromise'): void {
    this.revoked.push({ serialNumber, date: this.thisUpdate, reason });
  }

  /** The DER. */
  get der(): Der {
    const { subject, key, identifier } = issuerFacts(this.issuer);
    const plan = {
      issuer: this.issuerName ?? subject,
      thisUpdate: this.thisUpdate,
      nextUpdate: this.nextUpdate,
      revoked: this.revoked,
      extensions: [authorityKeyIdentifier(identifier), ...this.extensions],
    };
    return encodeRevocationList(plan, (this.signer ?? signerFor)(key));
  }
}
