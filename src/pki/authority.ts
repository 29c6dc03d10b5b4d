import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Der } from '../asn1/der-writer.ts';
import { encodePem } from '../asn1/pem.ts';
import { invalidOption, MtlsFixturesError } from '../errors/index.ts';
import { requireKnownOptions } from '../options/checks.ts';
import { type CertificatePlan, encodeCertificate } from '../x509/certificate.ts';
import { certificateFields } from '../x509/certificate-fields.ts';
import { authorityKeyIdentifier, basicConstraints, keyIdentifier, subjectKeyIdentifier } from '../x509/extensions.ts';
import type { KeyUsage } from '../x509/object-identifiers.ts';
import { inspectCertificate } from '../x509/inspect-certificate.ts';
import { nameConstraints } from '../x509/names/name-constraints.ts';
import type { RevocationReason, RevokedCertificate } from '../x509/revocation/revocation-list.ts';
import { type Signer, signerFor } from '../x509/signature.ts';
import {
  altNamesOf,
  certificateOptionNames,
  commonExtensions,
  leafUsages,
  mustStapleOf,
  requirePathLength,
  serialOf,
  validityOf,
} from './certificate-parts.ts';
import { charactersOf, firstHost, mostInCommonName, requireNamed, subjectForHost, subjectOf } from './subject.ts';
import type { AuthorityOf } from './authority-of.ts';
import type { CertificateHolder } from './certificate-holder.ts';
import { gettersOf, inspectedAs, makeComparable, original } from './comparable.ts';
import { createIdentity, type Identity } from './identity.ts';
import { issuedSerial } from './revocation/issued-serial.ts';
import { generateKey, type KeyAlgorithm, privateKeyFrom, requireKeyAlgorithm } from './key-algorithm.ts';
import { encodePkcs8Pem, encodeSpki } from './formats/key-encoding.ts';
import type { AuthorityOptions, CertificateOptions, LeafOptions } from './leaf-options.ts';
import { answerOcspRequest, ocspResponseAbout, type OcspIssuer, type OcspOptions } from './revocation/ocsp-responder.ts';
import { type CrlOptions, parseRevocation, type Revocation, RevocationRegister } from './revocation/revocation-register.ts';

/** What an authority is made of. */
export interface AuthorityParts {
  /** DER of its certificate. */
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  /** The authority that issued it; absent for a root. */
  readonly parent?: PublicAuthority | undefined;
  readonly defaults: { readonly keyAlgorithm: KeyAlgorithm; readonly validFor: number };
  readonly pathLength?: number | undefined;
  readonly revoked?: readonly RevokedCertificate[];
  readonly crlNumber?: number;
}

class Authority implements AuthorityOf<Identity> {
  static {
    inspectedAs(Authority, ({ name }) => `Authority "${name}"`);
  }

  static readonly #shown: PropertyDescriptorMap = gettersOf(Authority.prototype, ['name', 'certificatePem']);
  readonly #parts: AuthorityParts;
  readonly #signer: Signer;
  readonly #subject: Der;
  readonly #keyIdentifier: Buffer;
  readonly #notAfter: Date;
  readonly #register: RevocationRegister;
  #certificate: X509Certificate | undefined;
  #certificatePem: string | undefined;

  constructor(parts: AuthorityParts) {
    this.#parts = parts;
    this.#signer = signerFor(parts.key);
    this.#register = new RevocationRegister(parts.revoked, parts.crlNumber);
    const { subject, notAfter, spki } = certificateFields(parts.certificate);
    this.#subject = subject;
    this.#notAfter = notAfter;
    this.#keyIdentifier = keyIdentifier(spki);
    makeComparable(this, Authority.#shown);
  }

  get name(): string {
    const { commonName, subject } = inspectCertificate(original(this).#parts.certificate);
    return commonName ?? subject.text;
  }

  get certificate(): X509Certificate {
    return (original(this).#certificate ??= new X509Certificate(original(this).#parts.certificate));
  }

  get certificatePem(): string {
    return (original(this).#certificatePem ??= encodePem('CERTIFICATE', original(this).#parts.certificate));
  }

  get chainPem(): string {
    return this.parent ? this.certificatePem + this.parent.chainPem : '';
  }

  get keyPem(): string {
    return encodePkcs8Pem(original(this).#parts.key);
  }

  get anchors(): string {
    return original(this).#root().certificatePem;
  }

  get parent(): Authority | undefined {
    return original(this).#parts.parent as Authority | undefined; // authorities of no other class are made
  }

  get revoked(): readonly RevokedCertificate[] {
    return original(this).#register.revoked;
  }

  get lastCrlNumber(): number {
    return original(this).#register.lastNumber;
  }

  issue(options: LeafOptions = {}): Identity {
    requireKnownOptions('leaf option', options, leafOptionNames);
    const host = firstHost(options);
    const subject = subjectOf(options, host === undefined ? 'leaf' : subjectForHost(host));
    const names = altNamesOf(options, subject);
    const { key, certificate } = this.#sign(options, subject, { backdate: leafBackdate }, (isRsa) => {
      const usages = leafUsages(options, isRsa);
      const common = commonExtensions(options, usages, ['serverAuth', 'clientAuth']);
      requireNamed(subject, [...names, ...common]);
      return [basicConstraints({ ca: false }), ...common, ...names, ...mustStapleOf(options)];
    });
    return createIdentity({ certificate, key, chain: this.#chain(), anchors: this.anchors, authority: this });
  }

  issueAuthority(options: AuthorityOptions = {}): Authority {
    requireKnownOptions('authority option', options, authorityOptionNames);
    requirePathLength(options.pathLength);
    const exhausted = this.#exhaustedAncestor();
    if (exhausted) throw new MtlsFixturesError('CA_PATH_LENGTH', { issuer: exhausted.name });

    const isNamed = options.subject !== undefined || options.commonName !== undefined;
    const subject = subjectOf(options, isNamed ? '' : subordinateName(this.name)); // its own name means reading its whole certificate
    requireNamed(subject, []);
    const { pathLength } = options;
    const { key, certificate } = this.#sign(options, subject, { backdate: authorityBackdate }, () => authorityExtensions(options));
    return new Authority({ certificate, key, parent: this, defaults: this.#parts.defaults, pathLength });
  }

  revoke(target: CertificateHolder | bigint | string, reason: RevocationReason | Revocation = 'unspecified'): void {
    const revocation = parseRevocation(reason);
    this.#register.add(issuedSerial(target, { authority: this, option: 'revoke target' }), revocation);
  }

  crl(options: CrlOptions = {}): string {
    return this.#register.publish(options, { subject: this.#subject, keyIdentifier: this.#keyIdentifier, signer: this.#signer });
  }

  ocspResponse(target: CertificateHolder | bigint | string, options: OcspOptions = {}): Buffer {
    return ocspResponseAbout(issuedSerial(target, { authority: this, option: 'ocspResponse target' }), {
      issuer: this.#ocspIssuer(),
      options,
    });
  }

  answerOcsp(request: Uint8Array, options: OcspOptions = {}): Buffer {
    return answerOcspRequest(request, { issuer: this.#ocspIssuer(), options });
  }

  toJSON(): object {
    return { name: this.name, certificate: this.certificatePem };
  }

  #sign(
    options: CertificateOptions,
    subject: Der,
    { backdate }: { readonly backdate: number },
    extensions: (isRsa: boolean) => CertificatePlan['extensions'],
  ): { key: KeyObject; certificate: Der } {
    const serialNumber = serialOf(options.serialNumber);
    const validity = validityOf(options, { validFor: this.#parts.defaults.validFor, backdate, issuerNotAfter: this.#notAfter });
    const givenKey = givenKeyOf(options);
    const algorithm = options.keyAlgorithm ?? this.#parts.defaults.keyAlgorithm;
    requireKeyAlgorithm(algorithm);
    const own = extensions(
      givenKey ? givenKey.asymmetricKeyType === 'rsa' : algorithm.startsWith('rsa-') && !algorithm.startsWith('rsa-pss'),
    ); // checked before a key is made

    const key = givenKey ?? generateKey(algorithm);
    const spki = encodeSpki(key);
    const identifiers = [subjectKeyIdentifier(keyIdentifier(spki)), authorityKeyIdentifier(this.#keyIdentifier)];
    const plan = { version: 3, serialNumber, issuer: this.#subject, validity, subject, spki, extensions: [...own, ...identifiers] };
    return { key, certificate: encodeCertificate(plan, this.#signer) };
  }

  #ocspIssuer(): OcspIssuer {
    return { certificate: this.#parts.certificate, signer: this.#signer, revoked: this.#register.revoked, isRoot: !this.parent };
  }

  #chain(): Uint8Array[] {
    return this.parent ? [this.#parts.certificate, ...this.parent.#chain()] : [];
  }

  #root(): Authority {
    return this.parent ? this.parent.#root() : this;
  }

  /** The nearest authority whose path length would be exceeded by one more CA below this one. */
  #exhaustedAncestor(depth = 0): Authority | undefined {
    const { pathLength } = this.#parts;
    if (pathLength !== undefined && pathLength <= depth) return this;
    return this.parent ? this.parent.#exhaustedAncestor(depth + 1) : undefined;
  }
}

/** An authority of its parts. */
export function createAuthority(parts: AuthorityParts): PublicAuthority {
  return new Authority(parts);
}

/** A new self-signed authority. */
export function createRoot(options: AuthorityOptions, defaults: AuthorityParts['defaults']): PublicAuthority {
  const subject = subjectOf(options, 'root CA');
  const serialNumber = serialOf(options.serialNumber);
  const validity = validityOf(options, { validFor: defaults.validFor, backdate: authorityBackdate });
  const key = givenKeyOf(options) ?? generateKey(options.keyAlgorithm ?? defaults.keyAlgorithm);
  const spki = encodeSpki(key);
  const identifier = keyIdentifier(spki);
  const extensions = [...authorityExtensions(options), subjectKeyIdentifier(identifier), authorityKeyIdentifier(identifier)];
  const certificate = encodeCertificate({ version: 3, serialNumber, issuer: subject, validity, subject, spki, extensions }, signerFor(key));
  return new Authority({ certificate, key, defaults, pathLength: options.pathLength });
}

/** Whether a value is an authority of this library. */
export function isAuthority(value: unknown): value is PublicAuthority {
  return value instanceof Authority;
}

/** {@link AuthorityOf} identities. Not the class: what is made by functions alone shows no constructor. */
type PublicAuthority = AuthorityOf<Identity>;
export type { PublicAuthority as Authority };

function authorityExtensions(options: AuthorityOptions): CertificatePlan['extensions'] {
  return [
    basicConstraints({ ca: true, pathLength: options.pathLength }),
    ...commonExtensions(options, authorityUsage, false),
    ...(options.nameConstraints ? [nameConstraints(options.nameConstraints)] : []),
  ];
}

/** As much of the name of the authority above as leaves room for the rest. */
function subordinateName(name: string): string {
  const rest = ' subordinate CA';
  return `${charactersOf(name)
    .slice(0, mostInCommonName - rest.length)
    .join('')}${rest}`;
}

function givenKeyOf({ key, keyAlgorithm }: CertificateOptions): KeyObject | undefined {
  if (key === undefined) return undefined;
  if (keyAlgorithm !== undefined) throw invalidOption('keyAlgorithm', keyAlgorithm, 'to be left out where key is given');
  return privateKeyFrom(key);
}

const leafOptionNames = [...certificateOptionNames, 'dns', 'ip', 'uri', 'email', 'mustStaple'];
const authorityOptionNames = [...certificateOptionNames, 'pathLength', 'nameConstraints'];
const authorityUsage: readonly KeyUsage[] = ['keyCertSign', 'cRLSign'];
const hour = 3_600_000;
const leafBackdate = hour;
const authorityBackdate = 2 * hour;
