import { type DerElement, readDer } from '../../asn1/der-reader.ts';
import { oid } from '../object-identifiers.ts';
import { type CanonicalName, canonicalName, isSameName } from './canonical-name.ts';

/** What the verification of a chain looks at in one certificate. */
export interface ChainCertificate {
  readonly der: Uint8Array;
  /** The content of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly issuer: CanonicalName;
  readonly subject: CanonicalName;
  /** The subject as it was written. */
  readonly subjectName: DerElement;
  readonly isSelfIssued: boolean;
  readonly spki: DerElement;
  /** The AlgorithmIdentifier within the signed part, by which an issuer's key is looked for. */
  readonly signedWith: DerElement;
  /** The AlgorithmIdentifier beside the signature, by which its strength is rated. */
  readonly signatureAlgorithm: DerElement;
  /** By dotted identifier; the values as they stand in their OCTET STRING. */
  readonly extensions: ReadonlyMap<string, DerElement>;
  /** A critical extension is there that OpenSSL does not process. */
  readonly hasUnhandledCritical: boolean;
  /** The numbers of the bits that are set; absent where the certificate does not restrict its use. */
  readonly keyUsage: readonly number[] | undefined;
}

/**
 * Reads them from DER. Throws `DER_INVALID`, also for what is not looked into here and may change the outcome: proxy certificates (RFC
 * 3820), IP address blocks (RFC 3779), and an extension that comes twice.
 */
export function readChainCertificate(der: Uint8Array): ChainCertificate {
  const [tbs, signatureAlgorithm] = readDer(der, 'certificate').expect(0x30, 'it').children;
  const fields = tbs?.expect(0x30, 'the signed part').children ?? [];
  const [serial, signedWith, issuerName, , subjectName, spki, ...rest] = fields.slice(fields[0]?.tag === versionTag ? 1 : 0);
  if (!tbs || !signatureAlgorithm || !serial || !signedWith || !issuerName || !subjectName || !spki)
    throw readDer(der, 'certificate').problem('a field is missing');

  const { extensions, hasUnhandledCritical } = readExtensions(rest.find(({ tag }) => tag === extensionsTag));
  const issuer = canonicalName(issuerName);
  const subject = canonicalName(subjectName);
  const usage = extensions.get(oid.keyUsage);
  return {
    der,
    serialNumber: serial.content,
    issuer,
    subject,
    subjectName,
    isSelfIssued: isSameName(issuer, subject),
    spki,
    signedWith,
    signatureAlgorithm,
    extensions,
    hasUnhandledCritical,
    keyUsage: usage && usedBits(usage.inner().expect(0x03, 'the key usage')),
  };
}

/** Reads Extensions that were wrapped in an explicit tag, of a certificate or a CRL. */
export function extensionParts(
  wrapper: DerElement | undefined,
): { readonly id: string; readonly critical: boolean; readonly value: DerElement }[] {
  return (wrapper?.inner().expect(0x30, 'the extensions').children ?? []).map(extensionPart);
}

/** One Extension. */
export function extensionPart(extension: DerElement): { readonly id: string; readonly critical: boolean; readonly value: DerElement } {
  const [id, ...rest] = extension.expect(0x30, 'an extension').children;
  const value = rest.at(-1)?.expect(0x04, 'the value of an extension');
  if (!id || !value) throw extension.problem('an extension has no value');
  return { id: id.objectIdentifier, critical: rest.length > 1 && rest[0]?.boolean === true, value };
}

function readExtensions(wrapper: DerElement | undefined): Pick<ChainCertificate, 'extensions' | 'hasUnhandledCritical'> {
  const extensions = new Map<string, DerElement>();
  let hasUnhandledCritical = false;
  for (const { id, critical, value } of extensionParts(wrapper)) {
    if (notLookedInto.has(id)) throw value.problem(`the extension ${id} is not looked into`);
    if (extensions.has(id)) throw value.problem(`the extension ${id} comes twice`);
    extensions.set(id, value);
    hasUnhandledCritical ||= critical && !processed.has(id);
  }
  return { extensions, hasUnhandledCritical };
}

/** The bits that are set; those that are declared unused do not count. To OpenSSL a certificate whose key has no use at all is invalid. */
function usedBits(bits: DerElement): readonly number[] {
  const count = (bits.content.length - 1) * 8 - (bits.content[0] ?? 0);
  const used = bits.namedBits.filter((bit) => bit < count);
  if (used.length === 0) throw bits.problem('the key usage is empty');
  return used;
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Extensions that may be critical, measured on Node 26.10 and OpenSSL 3.0: keyIdentifiers and authorityInfoAccess, for one, may not. */
const processed: ReadonlySet<string> = new Set([
  oid.keyUsage,
  oid.subjectAltName,
  oid.basicConstraints,
  oid.nameConstraints,
  oid.crlDistributionPoints,
  oid.extendedKeyUsage,
  '2.5.29.32', // certificatePolicies
  '2.5.29.33', // policyMappings
  '2.5.29.36', // policyConstraints
  '2.5.29.54', // inhibitAnyPolicy
  '1.3.6.1.5.5.7.48.1.5', // ocspNoCheck
  '2.16.840.1.113730.1.1', // Netscape's certificate type
]);

const notLookedInto: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.1.14', '1.3.6.1.5.5.7.1.7', '1.3.6.1.5.5.7.1.8']);
