import { readDer } from '../../../asn1/der-reader.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import type { PeerCertificate } from '../../../x509/inspect-certificate.ts';
import { oid } from '../../../x509/object-identifiers.ts';
import { matchesKeyIdentifier } from '../../../x509/verification/build-chain.ts';
import { type ChainCertificate, readChainCertificate } from '../../../x509/verification/chain-certificate.ts';
import { hasExplicitCurve } from '../../../x509/verification/strength.ts';

/** Whether a certificate has a critical extension that OpenSSL does not process. */
export function hasUnknownCritical(certificate: PeerCertificate): boolean {
  return readable(certificate)?.hasUnhandledCritical ?? false;
}

/** Whether the elliptic curve of its key is given by parameters. */
export function hasCurveParameters(certificate: PeerCertificate): boolean {
  try {
    return hasExplicitCurve(readChainCertificate(derOf(certificate)).spki);
  } catch {
    return false; // a key of a type that is not known here
  }
}

/** Whether it has an extension, by its object identifier. */
export function hasExtension(certificate: PeerCertificate, id: string): boolean {
  return readable(certificate)?.extensions.has(id) ?? false;
}

/**
 * Why OpenSSL does not take a certificate for the issuer whose name it has: what one of them is not, in words that begin with
 * whose. Undefined where nothing of the kind shows.
 */
export function whyNotIssuer(issuer: PeerCertificate, subject: PeerCertificate): string | undefined {
  try {
    const identifier = readChainCertificate(derOf(subject)).extensions.get(oid.authorityKeyIdentifier);
    if (!matchesKeyIdentifier(readChainCertificate(derOf(issuer)), identifier)) return 'its authorityKeyIdentifier is that of another key';
  } catch (error) {
    return error instanceof MtlsFixturesError ? 'one of its extensions is malformed, or comes twice' : undefined;
  }
  return /^[\d.]+$/u.test(subject.signatureAlgorithm) ? `its signature algorithm (${subject.signatureAlgorithm}) is not known` : undefined;
}

/** A date of its validity that is not in the one form that RFC 5280 4.1.2.5 allows (UTC, seconds, no fraction), as it was written. */
export function malformedDate(certificate: PeerCertificate, field: 'notBefore' | 'notAfter'): string | undefined {
  try {
    const fields = readDer(derOf(certificate), 'certificate').children[0]?.children ?? [];
    const validity = fields[fields[0]?.tag === versionTag ? 4 : 3];
    const date = validity?.children[field === 'notBefore' ? 0 : 1];
    if (!date) return undefined;
    const written = Buffer.from(date.content).toString('latin1');
    return (date.tag === utcTime ? /^\d{12}Z$/u : /^\d{14}Z$/u).test(written) ? undefined : written;
  } catch {
    return undefined;
  }
}

function readable(certificate: PeerCertificate): ChainCertificate | undefined {
  try {
    return readChainCertificate(derOf(certificate));
  } catch {
    return undefined; // what a peer presents may be anything
  }
}

function derOf({ pem }: PeerCertificate): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----.*?-----|\s/gu, ''), 'base64');
}

const versionTag = 0xa0;
const utcTime = 0x17;
