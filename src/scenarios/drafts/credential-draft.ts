import { decodePem, encodePem } from '../../asn1/pem.ts';
import { realNow } from '../../clock/real-clock.ts';
import { createIdentity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Side } from '../../wire/tap/capture.ts';
import { encodeName } from '../../x509/names/distinguished-name.ts';
import { basicConstraints, extendedKeyUsage, keyUsage, subjectAltName } from '../../x509/extensions.ts';
import { dnsName, ipName } from '../../x509/names/general-name.ts';
import type { Validity } from '../../x509/validity.ts';
import { CertificateDraft, type Issuer } from './certificate-draft.ts';
import { RevocationListDraft } from './revocation-list-draft.ts';
import type { ArrangedCredential, ArrangedWith } from '../catalogue/scenario.ts';

/** What is presented, as DER: the leaf, and the issuers up to below the root. */
export interface Presented {
  readonly leaf: Uint8Array;
  readonly issuers: readonly Uint8Array[];
}

/**
 * A draft of a credential, valid until it is changed in one respect: the leaf is issued by the PKI's own issuer until a change reads
 * `intermediate` (then by a new CA below the PKI's root) or for `root` (then by a new CA below a new root, which the judge must trust).
 */
export class CredentialDraft {
  readonly role: Side;
  readonly pki: Pki;
  readonly leaf: CertificateDraft;
  /** The name or address that the client asks for. */
  host = 'localhost';
  /** How it is given that name, where in another spelling. */
  spelling: string | undefined;
  /** What is sent; changes what the chain would be. */
  present: ((presented: Presented) => readonly Uint8Array[]) | undefined;
  /** Node.js refuses to load what is sent: it goes into the Certificate message on the wire, and the leaf's key signs. */
  onTheWire = false;
  /** Set where OpenSSL's default security level refuses to load the credential. */
  securityLevel: 0 | undefined;
  /** DER of the judge's trust anchors, where they are not the PKI's root or the draft's own. */
  anchors: (() => readonly Uint8Array[]) | undefined;
  /** The CRLs that the judge checks; undefined where it checks none. */
  crls: RevocationListDraft[] | undefined;
  /** The OCSP responder that the certificates name. */
  ocsp: ArrangedCredential['ocsp'];
  readonly #ocspUrl: string | undefined;
  #intermediate: CertificateDraft | undefined;
  #root: CertificateDraft | undefined;

  constructor(role: Side, pki: Pki, { ocspUrl }: ArrangedWith = {}) {
    this.role = role;
    this.pki = pki;
    this.#ocspUrl = ocspUrl;
    this.leaf = new CertificateDraft({
      subject: encodeName([{ type: 'commonName', value: role === 'client' ? 'client' : 'localhost' }]),
      validity: validFor(day),
      extensions: [
        basicConstraints({ ca: false }),
        keyUsage(['digitalSignature']),
        extendedKeyUsage([role === 'client' ? 'clientAuth' : 'serverAuth']),
        ...(role === 'server' ? [subjectAltName([dnsName('localhost'), ipName('127.0.0.1'), ipName('::1')], false)] : []),
      ],
      issuedBy: pki.issuer,
    });
  }

  /** The CA that issues the leaf, of this draft alone. */
  get intermediate(): CertificateDraft {
    if (!this.#intermediate) {
      this.#intermediate = this.authority('scenario issuing CA', this.#root ?? this.pki.root);
      this.leaf.issuedBy = this.#intermediate;
    }
    return this.#intermediate;
  }

  /** The trust anchor, of this draft alone: the judge is to trust it in place of the PKI's. */
  get root(): CertificateDraft {
    if (!this.#root) {
      this.#root = this.authority('scenario root CA', undefined);
      this.intermediate.issuedBy = this.#root;
    }
    return this.#root;
  }

  /** Another CA, not part of the chain until something is issued by it; without an issuer it signs itself. */
  authority(name: string, issuedBy: Issuer | undefined): CertificateDraft {
    return new CertificateDraft({
      subject: encodeName([
        { type: 'organization', value: 'mtls-fixtures' },
        { type: 'commonName', value: `${this.pki.name} ${name}` },
      ]),
      validity: validFor(day),
      extensions: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])],
      ...(issuedBy && { issuedBy }),
    });
  }

  /** The URL of the OCSP responder, for the certificates that are to name it; without one a host that never exists (RFC 6761 6.4). */
  get ocspUrl(): string {
    return this.#ocspUrl ?? 'http://ocsp.invalid/';
  }

  /** A CRL by one of the authorities, valid and empty; the judge checks it from now on. */
  crl(issuer: Issuer): RevocationListDraft {
    const list = new RevocationListDraft(issuer, validFor(day));
    (this.crls ??= []).push(list);
    return list;
  }

  /** The credential as it is now. */
  arrange(): ArrangedCredential {
    const leaf = this.leaf.certificate;
    const issuers = this.#issuersOf(this.leaf);
    const sent = this.present?.({ leaf, issuers }) ?? [leaf, ...issuers];
    const [first = leaf, ...chain] = this.onTheWire ? [standIn(this)] : sent;
    const trust = this.#trust();
    return {
      identity: createIdentity({ certificate: first, key: this.leaf.key, chain, anchors: this.pki.anchors }),
      ...(this.onTheWire && { certificateMessage: sent }),
      ...(this.securityLevel === 0 && { ciphers: 'DEFAULT@SECLEVEL=0' }),
      host: this.host,
      ...(this.spelling !== undefined && { spelling: this.spelling }),
      trust,
      ...(this.crls && { crl: this.crls.map((list) => encodePem('X509 CRL', list.der)) }),
      ...(this.ocsp && { ocsp: this.ocsp }),
    };
  }

  #trust(): string {
    const anchors = this.anchors?.() ?? (this.#root ? [this.#root.certificate] : undefined);
    return anchors?.map((anchor) => encodePem('CERTIFICATE', anchor)).join('') ?? this.pki.anchors;
  }

  /** The certificates from a leaf's issuer up to below the root. */
  #issuersOf({ issuedBy }: CertificateDraft): Uint8Array[] {
    if (!(issuedBy instanceof CertificateDraft)) return issuedBy ? decodePem(issuedBy.chainPem).map(({ der }) => der) : [];
    return issuedBy.issuedBy === undefined ? [] : [issuedBy.certificate, ...this.#issuersOf(issuedBy)];
  }
}

/** A period of validity, in milliseconds from the moment at which the certificate is minted; negative ones lie before it. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** The dates of a period that counts from now. */
export function validityOf({ from, until }: Period): Validity {
  return { notBefore: fromNow(from), notAfter: fromNow(until) };
}

/** From an hour ago until a number of milliseconds from now, in whole seconds. */
export function validFor(milliseconds: number): Validity {
  return validityOf({ from: -hour, until: milliseconds });
}

/** The instant that is a number of milliseconds from now, negative ones before it; by the real clock, since OpenSSL does not see a fake one. */
export function fromNow(milliseconds: number): Date {
  return new Date(Math.floor((realNow() + milliseconds) / 1000) * 1000);
}

/** A certificate that Node.js does load with the leaf's key; it is not sent. */
function standIn({ leaf, role, pki }: CredentialDraft): Uint8Array {
  const valid = new CredentialDraft(role, pki).leaf;
  valid.key = leaf.key;
  return valid.certificate;
}

export const hour = 3_600_000;
export const day = 24 * hour;
