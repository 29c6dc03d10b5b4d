import { inspectChain } from '../../x509/inspect-certificate.ts';
import { type FieldTexts, fieldTexts, namesAsGiven, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { base64, certificateOfBase64 } from '../encodings/base64-der.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { rfc2253Name } from '../encodings/rfc2253-name.ts';
import { truthOf } from '../encodings/truth.ts';
import type { FieldLine, FieldLines, HeaderFormat, HeaderNames } from '../format.ts';
import { malformed } from '../malformed.ts';

const names: HeaderNames = {
  certificate: 'Cf-Client-Cert-Der-Base64',
  fingerprint: 'Cf-Client-Cert-Sha256',
  revoked: 'cf-cert-revoked',
  verify: 'cf-cert-verified',
  present: 'cf-cert-presented',
  issuer: 'cf-cert-issuer-dn-rfc2253',
  subject: 'cf-cert-subject-dn-rfc2253',
  serialNumber: 'cf-cert-serial',
  notBefore: 'cf-cert-not-before',
  notAfter: 'cf-cert-not-after',
};

/**
 * Cloudflare with `client_certificate_forwarding` (the first two headers) and the Managed Transform "Add TLS client auth headers" (the others; of the further ones that it adds, the
 * legacy and plain names, the SHA-1, the issuer's serial number and the key identifiers are not written here). A revoked certificate is `verified` too.
 */
export const cloudflare: HeaderFormat = {
  format: 'cloudflare',
  names,
  repeatable: [],
  write({ certificates: [leaf], verified }) {
    const status: FieldLine[] = [
      ['revoked', String(leaf !== undefined && verified === 'CERT_REVOKED')],
      ['verify', String(leaf !== undefined && (verified === true || verified === 'CERT_REVOKED'))],
      ['present', String(leaf !== undefined)],
    ];
    if (!leaf) return status;
    const texts = Object.entries(textsOf(leaf)) as [keyof FieldTexts, string][]; // its own keys
    return [['certificate', base64(leaf)], ...status, ...texts.filter(([, text]) => text !== '')];
  },
  parse(lines) {
    const { certificate: [encoded] = [] } = lines;
    const leaf = encoded === undefined ? undefined : certificateOfBase64('Cf-Client-Cert-Der-Base64', encoded);
    const verified = verifiedOf(lines);
    const isPresent = truthOf('cf-cert-presented', lines.present?.[0]);
    if (isPresent === false && leaf) throw malformed('cf-cert-presented', 'it is false, and there is a certificate');
    if (isPresent === false && verified === true) throw malformed('cf-cert-presented', 'it is false, and cf-cert-verified is true');
    const expected = leaf && readCertificateIn('Cf-Client-Cert-Der-Base64', () => textsOf(leaf));
    if (expected) {
      const agreed = { ...statusOf(lines), ...expected, ...namesAsGiven(expected, lines) };
      requireAgreement(names, lines, { expected: agreed, hasCertificate: true });
    }
    return { certificates: leaf ? [leaf] : [], verified, fields: fieldTexts(lines) };
  },
};

/** What `cf-cert-verified` says, unless `cf-cert-revoked` takes it back: the two come together. */
function verifiedOf({ verify: [verify] = [], revoked: [revoked] = [] }: FieldLines): boolean | undefined {
  const isVerified = truthOf('cf-cert-verified', verify);
  const isRevoked = truthOf('cf-cert-revoked', revoked);
  if (isVerified === undefined && isRevoked === undefined) return undefined;
  if (isVerified === undefined) throw malformed('cf-cert-verified', 'it is missing beside cf-cert-revoked');
  if (isRevoked === undefined) throw malformed('cf-cert-revoked', 'it is missing beside cf-cert-verified');
  if (isRevoked && !isVerified) throw malformed('cf-cert-revoked', 'it is true, and cf-cert-verified is false');
  return isVerified && !isRevoked;
}

function statusOf({ present: [present] = [], revoked: [revoked] = [] }: FieldLines): FieldTexts {
  return { ...(present !== undefined && { present }), ...(revoked !== undefined && { revoked }) };
}

function textsOf(leaf: Uint8Array): FieldTexts {
  const { subject, issuer } = certificateOctets(leaf);
  const { serialNumber, fingerprint256, notBefore, notAfter } = inspectChain([leaf]);
  return {
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer: rfc2253Name(issuer, { beyondAscii: 'escaped' }),
    subject: rfc2253Name(subject, { beyondAscii: 'escaped' }),
    serialNumber,
    notBefore: openSslTime(notBefore),
    notAfter: openSslTime(notAfter),
  };
}

/** A time as OpenSSL prints it: `Mar 21 13:35:00 2022 GMT`, the day in two columns. */
function openSslTime(time: Date): string {
  const day = String(time.getUTCDate()).padStart(2, ' ');
  return `${months[time.getUTCMonth()]} ${day} ${time.toISOString().slice(11, 19)} ${time.getUTCFullYear()} GMT`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
