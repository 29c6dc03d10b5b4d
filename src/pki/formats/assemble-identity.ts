import { type KeyObject, X509Certificate } from 'node:crypto';
import { encodePem } from '../../asn1/pem.ts';
import { MtlsFixturesError } from '../../errors/index.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { createIdentity, type Identity } from '../identity.ts';
import { belongsTo } from './belongs-to.ts';

/** A key and certificates in any order (DER), as one file holds them. */
export interface LooseParts {
  readonly key: KeyObject;
  /** At least one. */
  readonly certificates: readonly Uint8Array[];
  /** PEM of the trust anchors. Default: the certificates that issued themselves. */
  readonly anchors?: string | undefined;
}

/**
 * The identity of a key: its certificate, the intermediates above that as far as they are there, and as trust anchors the roots. Throws `KEY_MISMATCH` where none of the certificates is for the key,
 * and `PEM_INVALID` for a public key that cannot be read.
 */
export function assembleIdentity({ key, certificates, anchors }: LooseParts): Identity {
  const known = certificates.map((der) => new X509Certificate(der));
  const [first = new Uint8Array()] = certificates;
  const leaf = known.find((certificate) => belongsTo(key, publicKeyOf(certificate)));
  if (!leaf) throw new MtlsFixturesError('KEY_MISMATCH', { subject: describe(first) });
  const others = known.filter((certificate) => certificate !== leaf);
  const roots = others.filter(isSelfIssued);
  return createIdentity({
    certificate: leaf.raw,
    key,
    chain: issuersOf(leaf, others).map(({ raw }) => raw),
    anchors: anchors ?? roots.map(({ raw }) => encodePem('CERTIFICATE', raw)).join(''),
  });
}

/** Node reads a certificate whose key it then cannot read. */
export function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    const facts = { what: 'cert', value: 'BEGIN CERTIFICATE', problem: 'the public key in it cannot be read' };
    throw new MtlsFixturesError('PEM_INVALID', facts, { cause });
  }
}

/** What an error calls a certificate. */
export function describe(leaf: Uint8Array): string {
  const { subject, serialNumber } = inspectCertificate(leaf);
  return subject.text === '' ? `serial number ${serialNumber}` : subject.text;
}

/** From the leaf upwards, without the root: what a peer presents. */
function issuersOf(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let current: X509Certificate | undefined = leaf; current && !isSelfIssued(current);) {
    const subject: X509Certificate = current;
    const issuer: X509Certificate | undefined = others.find(
      (candidate) => !chain.includes(candidate) && !isSelfIssued(candidate) && hasIssued(candidate, subject),
    );
    if (issuer) chain.push(issuer);
    current = issuer;
  }
  return chain;
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function hasIssued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false; // a key that cannot be read has signed nothing
  }
}
