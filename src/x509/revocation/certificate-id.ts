import { createHash } from 'node:crypto';
import type { DerElement } from '../../asn1/der-reader.ts';
import { type Der, integer, nullValue, objectIdentifier, octetString, sequence } from '../../asn1/der-writer.ts';
import { publicKeyBits } from '../extensions.ts';

/** How OCSP names a certificate (CertID, RFC 6960 4.1.1): by hashes of its issuer's name and public key, and its serial number. */
export interface CertificateId {
  /** The whole CertID as it was written: an answer repeats it octet for octet. */
  readonly der: Der;
  /** Dotted notation. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serialNumber: bigint;
}

/** Hashes that a CertID can be made with; every client knows `sha1`. */
export type CertificateIdHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The part of a CertID that names the issuer. */
export interface HashedIssuer {
  /** DER of its Name. */
  readonly subject: Uint8Array;
  /** DER of its SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/** The DER of the CertID of a certificate. */
export function encodeCertificateId(
  issuer: HashedIssuer,
  certificate: { readonly serialNumber: bigint; readonly hash: CertificateIdHash },
): Der {
  const { serialNumber, hash } = certificate;
  const { name, key } = hashesOf(issuer, hash);
  const algorithm = sequence(objectIdentifier(hashOids[hash]), nullValue());
  return sequence(algorithm, octetString(name), octetString(key), integer(serialNumber));
}

/** Reads a CertID. Throws `DER_INVALID`. */
export function decodeCertificateId(element: DerElement): CertificateId {
  const [algorithm, name, key, serial] = element.expect(0x30, 'a CertID').children;
  const [identifier] = algorithm?.expect(0x30, 'the hash algorithm of a CertID').children ?? [];
  if (!identifier || !name || !key || !serial) throw element.problem('a CertID lacks a field');
  return {
    der: element.bytes,
    hashAlgorithm: identifier.expect(0x06, 'the hash algorithm of a CertID').objectIdentifier,
    issuerNameHash: name.expect(0x04, 'the hash of a name').content,
    issuerKeyHash: key.expect(0x04, 'the hash of a key').content,
    serialNumber: serial.expect(0x02, 'a serial number').integer,
  };
}

/** The DER of the CertID of another certificate of the same issuer, named by the same hashes. */
export function withSerialNumber({ hashAlgorithm, issuerNameHash, issuerKeyHash }: CertificateId, serialNumber: bigint): Der {
  const algorithm = sequence(objectIdentifier(hashAlgorithm), nullValue());
  return sequence(algorithm, octetString(issuerNameHash), octetString(issuerKeyHash), integer(serialNumber));
}

/** Whether it names a certificate of this issuer; never by a hash that is not known here. */
export function isIssuedBy(id: CertificateId, issuer: HashedIssuer): boolean {
  const hash = hashNames.find((name) => hashOids[name] === id.hashAlgorithm);
  if (hash === undefined) return false;
  const { name, key } = hashesOf(issuer, hash);
  return name.equals(id.issuerNameHash) && key.equals(id.issuerKeyHash);
}

/** The words of {@link CertificateIdHash}. */
export function certificateIdHashes(): readonly string[] {
  return hashNames;
}

function hashesOf({ subject, spki }: HashedIssuer, hash: CertificateIdHash): { readonly name: Buffer; readonly key: Buffer } {
  return { name: createHash(hash).update(subject).digest(), key: createHash(hash).update(publicKeyBits(spki)).digest() };
}

const hashOids: Readonly<Record<CertificateIdHash, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const satisfies Readonly<Record<CertificateIdHash, string>>;
const hashNames = ['sha1', 'sha256', 'sha384', 'sha512'] as const satisfies readonly CertificateIdHash[];
