import { createHash, X509Certificate } from 'node:crypto';
import { DerElement, readDer } from '../asn1/der-reader.ts';
import { decodePem, encodePem, firstArmour } from '../asn1/pem.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { isBytes } from '../options/bytes.ts';
import { keyAlgorithmOf, signatureAlgorithmOf } from './algorithm-names.ts';
import { decodeName, type DistinguishedName } from './names/distinguished-name.ts';
import { chainOf } from './issuer-chain.ts';
import { type AltNames, decodeAltNames } from './names/general-name.ts';
import { type ExtendedKeyUsage, type KeyUsage, extendedKeyUsageOids, keyUsageBits, oid } from './object-identifiers.ts';
import { spiffeIdAmong } from './names/spiffe-id.ts';

/** A certificate, read. Fields are read with this library's own DER reader: Node's text of the alternative names is ambiguous. */
export interface PeerCertificate {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** The subject's (last) common name. */
  readonly commonName?: string;
  /** Upper-case hexadecimal, as Node and OpenSSL print it. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Subject alternative names; empty lists where there are none. */
  readonly altNames: AltNames;
  /** The SPIFFE id, where the only URI name is a valid one (SPIFFE X509-SVID 2, SPIFFE-ID 2). */
  readonly spiffeId?: string;
  /** Absent where the certificate does not restrict its use. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Names such as `clientAuth`, dotted object identifiers for others; absent where the certificate does not restrict its purpose. */
  readonly extendedKeyUsage?: readonly ExtendedKeyUsage[];
  /** Whether basicConstraints make it a CA. */
  readonly isAuthority: boolean;
  /** How many further CAs may follow below. */
  readonly pathLength?: number;
  /** E.g. `ec-p256`, `rsa-2048`, `ed25519`; the object identifier where it is unknown. */
  readonly keyAlgorithm: string;
  /** E.g. `ecdsa-sha256`; the object identifier where it is unknown. */
  readonly signatureAlgorithm: string;
  /** SHA-256 of the DER: upper-case hexadecimal with colons, as Node prints it. */
  readonly fingerprint256: string;
  /** The same in base64url without padding: `x5t#S256` of tokens that are bound to the certificate (RFC 8705 3.1). */
  readonly thumbprint: string;
  /** SHA-256 of the SubjectPublicKeyInfo in Base64: the pin of RFC 7469. */
  readonly spkiSha256: string;
  /** The issuers that came along, nearest first; without the certificate itself. */
  readonly chain: readonly PeerCertificate[];
  /** PEM of this certificate alone. */
  readonly pem: string;
  /**
   * Extensions that a peer presented in a form that this library cannot read, e.g. `['subjectAltName']`, though OpenSSL may: what they would say is absent or empty above,
   * which does not mean that it is not there. Absent where all was read.
   */
  readonly unreadable?: readonly string[];
}

/**
 * Reads a certificate of any tool: PEM (further blocks become the chain), DER, or an `X509Certificate` (with the issuers that Node knows).
 * Throws `PEM_INVALID` or `DER_INVALID`, whatever the bytes.
 */
export function inspectCertificate(certificate: string | Uint8Array | X509Certificate): PeerCertificate {
  const chain = encodedChain(certificate);
  if (chain.length === 0)
    throw new MtlsFixturesError('PEM_INVALID', {
      what: 'certificate',
      value: shorten(certificate),
      problem: 'it holds no BEGIN CERTIFICATE',
    });
  const [leaf = new Uint8Array(0), ...issuers] = chain;
  return readCertificate(
    leaf,
    issuers.map((issuer) => readCertificate(issuer, [])),
  );
}

/**
 * Reads a chain as it was presented: DER, the leaf first; at least one. What of an extension cannot be read is named in `unreadable`. Throws `DER_INVALID` for a
 * certificate whose names, dates or key cannot be read.
 */
export function inspectChain(chain: readonly Uint8Array[]): PeerCertificate {
  const [leaf, ...issuers] = chain;
  if (!leaf) throw new MtlsFixturesError('DER_INVALID', { what: 'chain', problem: 'it is empty' });
  return readPresented(
    leaf,
    issuers.map((issuer) => readPresented(issuer, [])),
  );
}

function encodedChain(certificate: unknown): Uint8Array[] {
  if (typeof certificate === 'string')
    return decodePem(certificate)
      .filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE')
      .map(({ label, der }) => (label === 'TRUSTED CERTIFICATE' ? new DerElement(der, 'certificate').bytes : der)); // OpenSSL's trust settings follow it
  if (certificate instanceof X509Certificate) return chainOf(certificate);
  if (!isBytes(certificate))
    throw new MtlsFixturesError('PEM_INVALID', {
      what: 'certificate',
      value: shorten(certificate),
      problem: 'it is neither text, nor bytes, nor an X509Certificate',
    });
  return isPem(certificate) ? encodedChain(Buffer.from(certificate).toString('latin1')) : [certificate];
}

/** Text may stand before the armour; DER begins with a SEQUENCE, whose length takes more than one octet here. */
function isPem(bytes: Uint8Array): boolean {
  const isDer = bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
  return !isDer && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('-----BEGIN ');
}

/** Reads what can be read; each extension that cannot is found by leaving out the others. */
function readPresented(der: Uint8Array, chain: readonly PeerCertificate[]): PeerCertificate {
  try {
    return readCertificate(der, chain);
  } catch {
    const odd = readExtensionNames.filter((name) => !isReadable(der, new Set(readExtensionNames.filter((other) => other !== name))));
    if (odd.length > 0 && isReadable(der, new Set(odd))) return { ...readCertificate(der, chain, new Set(odd)), unreadable: odd };
    return { ...readCertificate(der, chain, 'all'), unreadable: ['extensions'] };
  }
}

function isReadable(der: Uint8Array, skipped: SkippedExtensions): boolean {
  try {
    readCertificate(der, [], skipped);
    return true;
  } catch {
    return false; // DER_INVALID: bytes of a peer
  }
}

function readCertificate(der: Uint8Array, chain: readonly PeerCertificate[], skipped: SkippedExtensions = new Set()): PeerCertificate {
  const { serial, algorithm, issuerName, notBefore, notAfter, subjectName, spki, optional } = readFields(der);
  const subject = decodeName(subjectName);
  const extensions = readExtensions(skipped === 'all' ? undefined : optional.find(({ tag }) => tag === extensionsTag), skipped);
  const altNames = decodeAltNames(extensions.get(oid.subjectAltName)?.expect(0x30, 'the subjectAltName').children ?? []);
  const spiffeId = spiffeIdAmong(altNames.uri);
  const constraints = readBasicConstraints(extensions.get(oid.basicConstraints));
  const usage = extensions.get(oid.keyUsage);
  const purposes = extensions.get(oid.extendedKeyUsage);
  const hash = createHash('sha256').update(der).digest();
  return {
    subject,
    issuer: decodeName(issuerName),
    ...(subject.commonName !== undefined && { commonName: subject.commonName }),
    serialNumber: serialText(serial.expect(0x02, 'the serial number').integer),
    notBefore: notBefore.time,
    notAfter: notAfter.time,
    altNames,
    ...(spiffeId !== undefined && { spiffeId }),
    ...(usage && {
      keyUsage: usage
        .expect(0x03, 'the keyUsage')
        .namedBits.map((bit) => usageByBit(bit))
        .filter((name) => name !== undefined),
    }),
    ...(purposes && { extendedKeyUsage: readPurposes(purposes) }),
    ...constraints,
    keyAlgorithm: keyAlgorithmOf(spki),
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    fingerprint256: colons(hash.toString('hex')),
    thumbprint: hash.toString('base64url'),
    spkiSha256: createHash('sha256').update(spki.bytes).digest('base64'),
    chain,
    pem: encodePem('CERTIFICATE', der),
  };
}

/** The parts of a certificate, of which those that are optional come last. Throws `DER_INVALID` where one is missing or out of place. */
function readFields(der: Uint8Array): RawFields {
  const certificate = readDer(der, 'certificate').expect(0x30, 'it');
  const [tbs, algorithm, signature, ...behind] = certificate.children;
  if (!tbs || !algorithm || !signature || behind.length > 0) throw certificate.problem('its outer parts are not three');
  const fields = tbs.expect(0x30, 'the signed part').children;
  const first = fields[0]?.tag === versionTag ? 1 : 0;
  const [serial, , issuerName, validity, subjectName, spki, ...optional] = fields.slice(first);
  if (!serial || !issuerName || !validity || !subjectName || !spki) throw tbs.problem('a field is missing');
  const stray = optional.find(({ tag }, index) => !optionalTags.has(tag) || (index > 0 && tag <= (optional[index - 1]?.tag ?? 0)));
  if (stray) throw stray.problem(`a field with the tag 0x${stray.tag.toString(16)} does not belong where it is`);
  const [notBefore, notAfter, ...later] = validity.expect(0x30, 'the validity').children;
  if (!notBefore || !notAfter || later.length > 0) throw tbs.problem('its validity is not of two times');
  return { serial, algorithm, issuerName, notBefore, notAfter, subjectName, spki, optional };
}

interface RawFields extends Readonly<Record<'serial' | 'algorithm' | 'issuerName' | 'subjectName' | 'spki', DerElement>> {
  readonly notBefore: DerElement;
  readonly notAfter: DerElement;
  readonly optional: readonly DerElement[];
}

function readExtensions(wrapper: DerElement | undefined, skipped: SkippedExtensions): Map<string, DerElement> {
  const extensions = new Map<string, DerElement>();
  for (const extension of wrapper?.inner().expect(0x30, 'the extensions').children ?? []) {
    const [id, ...rest] = extension.expect(0x30, 'an extension').children;
    const value = rest.at(-1);
    if (!id || !value) throw extension.problem('an extension has no value');
    if (rest.length > 2) throw extension.problem('an extension has more than three fields');
    if (rest.length === 2) rest[0]?.expect(0x01, 'the mark of a critical extension');
    value.expect(0x04, 'the value of an extension');
    const dotted = id.expect(0x06, 'the name of an extension').objectIdentifier;
    const name = readExtensionNames.find((known) => oid[known] === dotted);
    if (name === undefined || extensions.has(dotted) || (skipped !== 'all' && skipped.has(name))) continue;
    extensions.set(dotted, value.inner());
  }
  return extensions;
}

function readPurposes(extension: DerElement): readonly ExtendedKeyUsage[] {
  return extension.expect(0x30, 'the extendedKeyUsage').children.map((purpose) => {
    const dotted = purpose.expect(0x06, 'a purpose of the extendedKeyUsage').objectIdentifier;
    return purposeByOid(dotted) ?? dotted;
  });
}

function readBasicConstraints(extension: DerElement | undefined): { readonly isAuthority: boolean; readonly pathLength?: number } {
  const parts = extension?.expect(0x30, 'the basicConstraints').children ?? [];
  const isAuthority = parts[0]?.tag === 0x01 && parts[0].boolean;
  const [length, ...stray] = parts[0]?.tag === 0x01 ? parts.slice(1) : parts;
  if (extension && stray.length > 0) throw extension.problem('the basicConstraints have more than two fields');
  const pathLength = length?.expect(0x02, 'the path length').integer;
  if (length && pathLength !== undefined && pathLength < 0n) throw length.problem('the path length is negative');
  return { isAuthority, ...(pathLength !== undefined && { pathLength: Number(pathLength) }) };
}

/** As Node writes serial numbers: whole octets, in capitals; zero is one digit. */
export function serialText(serial: bigint): string {
  if (serial === 0n) return '0';
  const hex = (serial < 0n ? -serial : serial).toString(16).toUpperCase();
  return `${serial < 0n ? '-' : ''}${hex.length % 2 === 0 ? hex : `0${hex}`}`;
}

function colons(hex: string): string {
  return (hex.toUpperCase().match(/../gu) ?? []).join(':');
}

function shorten(value: unknown): string {
  return typeof value === 'string' ? firstArmour(value) : typeof value;
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;
/** issuerUniqueID, subjectUniqueID, extensions. */
const optionalTags: ReadonlySet<number> = new Set([0x81, 0x82, extensionsTag]);

const readExtensionNames = ['subjectAltName', 'basicConstraints', 'keyUsage', 'extendedKeyUsage'] as const;
/** Extensions that are not looked into. */
type SkippedExtensions = ReadonlySet<(typeof readExtensionNames)[number]> | 'all';

/** The name of a bit of the keyUsage; the table is built at the first question. */
function usageByBit(bit: number): KeyUsage | undefined {
  usages ??= new Map(Object.entries(keyUsageBits).map(([name, number]) => [number, name as KeyUsage])); // entries forgets the names of a record
  return usages.get(bit);
}

/** The name of a purpose, likewise. */
function purposeByOid(dotted: string): string | undefined {
  purposes ??= new Map(Object.entries(extendedKeyUsageOids).map(([name, identifier]) => [identifier, name]));
  return purposes.get(dotted);
}

let usages: ReadonlyMap<number, KeyUsage> | undefined;
let purposes: ReadonlyMap<string, string> | undefined;
