import { createPrivateKey, type KeyObject } from 'node:crypto';
import { bitString, type Der, sequence } from '../../asn1/der-writer.ts';
import type { Authority } from '../../pki/authority.ts';
import { randomSerial } from '../../pki/certificate-parts.ts';
import { generateKey } from '../../pki/key-algorithm.ts';
import { encodeSpki } from '../../pki/formats/key-encoding.ts';
import { encodeTbsFields, tbsFields, type TbsFields } from '../../x509/certificate.ts';
import { certificateFields } from '../../x509/certificate-fields.ts';
import { authorityKeyIdentifier, type Extension, keyIdentifier, subjectKeyIdentifier } from '../../x509/extensions.ts';
import { type Signer, signerFor } from '../../x509/signature.ts';
import type { Validity } from '../../x509/validity.ts';

/** The parts of a signed certificate, before they are put together. */
export interface SignedParts {
  readonly tbs: Der;
  /** The outer AlgorithmIdentifier. */
  readonly algorithm: Der;
  /** The bits of the signature. */
  readonly signature: Uint8Array;
}

/** Who issues a draft: another draft, an authority of the PKI, or the draft itself. */
export type Issuer = CertificateDraft | Authority;

/**
 * A draft of a certificate. Every part has a valid default and can be set; whatever depends on the issuer is computed when the
 * certificate is built, so that a fault may change an issuer after its subjects were drafted.
 */
export class CertificateDraft {
  version = 3;
  serialNumber: bigint = randomSerial();
  /** DER of the Name. */
  subject: Der;
  validity: Validity;
  /** The usual extensions, without the key identifiers. */
  extensions: Extension[];
  /** The issuer; undefined for a certificate that signs itself. */
  issuedBy: Issuer | undefined;
  /** DER of the issuer's Name, where it is not the issuer's subject. */
  issuer: Der | undefined;
  /** Where it is not made of the public key; null leaves the extension out. */
  subjectKeyIdentifier: Uint8Array | null | undefined;
  /** Where it is not the issuer's subjectKeyIdentifier; null leaves the extension out. */
  authorityKeyIdentifier: Uint8Array | null | undefined;
  /** DER of the SubjectPublicKeyInfo, where it is not the key's. */
  spki: Der | undefined;
  /** How it is signed, where it is not the issuer's usual way. */
  signer: ((issuerKey: KeyObject) => Signer) | undefined;
  /** Writes fields of the signed part in another way. */
  fields: ((fields: TbsFields) => Partial<TbsFields>) | undefined;
  /** Changes what has been signed: the signature, the outer algorithm, the signed part itself. */
  signed: ((parts: SignedParts) => Partial<SignedParts>) | undefined;
  /** Changes the octets of the whole. */
  octets: ((certificate: Der) => Uint8Array) | undefined;
  #key: KeyObject | undefined;
  #built: Der | undefined;

  constructor(parts: {
    readonly subject: Der;
    readonly validity: Validity;
    readonly extensions: readonly Extension[];
    readonly issuedBy?: Issuer;
  }) {
    this.subject = parts.subject;
    this.validity = parts.validity;
    this.extensions = [...parts.extensions];
    this.issuedBy = parts.issuedBy;
  }

  /** The private key; a new P-256 one unless it was set. */
  get key(): KeyObject {
    return (this.#key ??= generateKey('ec-p256'));
  }

  set key(key: KeyObject) {
    this.#key = key;
  }

  /** Puts an extension in the place of the one with its identifier, or at the end. */
  extend(extension: Extension): void {
    const at = this.extensions.findIndex(({ oid }) => oid === extension.oid);
    if (at < 0) this.extensions.push(extension);
    else this.extensions[at] = extension;
  }

  /** Takes an extension away. */
  omit(oid: string): void {
    this.extensions = this.extensions.filter((extension) => extension.oid !== oid);
  }

  /** The DER; built once. */
  get certificate(): Der {
    return (this.#built ??= this.#build());
  }

  /** What it writes, or would write, as its own key identifier. */
  get identifier(): Uint8Array {
    return this.subjectKeyIdentifier ?? keyIdentifier(this.spki ?? encodeSpki(this.key));
  }

  #build(): Der {
    const { subject, key: issuerKey, identifier } = issuerFacts(this.issuedBy ?? this);
    const signer = (this.signer ?? signerFor)(issuerKey);
    const plan = {
      version: this.version,
      serialNumber: this.serialNumber,
      issuer: this.issuer ?? subject,
      validity: this.validity,
      subject: this.subject,
      spki: this.spki ?? encodeSpki(this.key),
      extensions: [...this.extensions, ...this.#identifiers(identifier)],
    };
    const fields = tbsFields(plan, signer.algorithm);
    const tbs = encodeTbsFields({ ...fields, ...this.fields?.(fields) });
    const parts = { tbs, algorithm: signer.algorithm, signature: signer.sign(tbs) };
    const { tbs: body, algorithm, signature } = { ...parts, ...this.signed?.(parts) };
    const certificate = sequence(body, algorithm, bitString(signature));
    return this.octets ? this.octets(certificate) : certificate;
  }

  #identifiers(issuerIdentifier: Uint8Array): Extension[] {
    if (this.version < 3) return [];
    return [
      ...(this.subjectKeyIdentifier === null ? [] : [subjectKeyIdentifier(this.identifier)]),
      ...(this.authorityKeyIdentifier === null ? [] : [authorityKeyIdentifier(this.authorityKeyIdentifier ?? issuerIdentifier)]),
    ];
  }
}

/** What an issuer writes into what it issues, and signs it with. */
export function issuerFacts(issuer: Issuer): { readonly subject: Der; readonly key: KeyObject; readonly identifier: Uint8Array } {
  if (issuer instanceof CertificateDraft) return issuer;
  let facts = authorityFacts.get(issuer);
  if (!facts) {
    const { subject, spki } = certificateFields(issuer.certificate.raw);
    facts = { subject, key: createPrivateKey(issuer.keyPem), identifier: keyIdentifier(spki) };
    authorityFacts.set(issuer, facts);
  }
  return facts;
}

const authorityFacts = new WeakMap<Authority, { readonly subject: Der; readonly key: KeyObject; readonly identifier: Uint8Array }>();
