import type { PeerCertificate } from '../../../../x509/inspect-certificate.ts';
import { hasExtension, hasUnknownCritical, malformedDate } from '../certificate-form.ts';
import type { Fault, Rows, VerifyRow } from '../reason-row.ts';
import type { Refusal } from '../refusal.ts';
import { issueCall, joined, leafOf, listed, moment, quoted, titleOf } from '../wording.ts';

/** Reasons that are in one certificate of the chain: its dates, its purpose, its right to issue, its form. */
export const certificateReasons = {
  CERT_HAS_EXPIRED: {
    words: 'certificate has expired',
    alert: 'certificate_expired',
    faults: expired,
    next: (refusal) => {
      const [fault] = expired(refusal);
      if (!fault)
        return `a certificate in the chain of ${leafOf(refusal)} has expired, and none that was seen has${moment(refusal)}: look at the ${refusal.judge}'s trust anchors and its clock${onceVerified(refusal)}`;
      const { notBefore, notAfter } = fault.certificate;
      const title = titleOf(fault.certificate, refusal);
      if (notAfter < notBefore)
        return `${title} expires (${refusal.date(notAfter)}) before it becomes valid (${refusal.date(notBefore)}): issue it with notAfter after notBefore`;
      return `${title} expired at ${refusal.date(notAfter)}${moment(refusal)}: issue it with a later notAfter${onceVerified(refusal)}`;
    },
  },
  CERT_NOT_YET_VALID: {
    words: 'certificate is not yet valid',
    alert: 'bad_certificate',
    faults: early,
    next: (refusal) => {
      const [fault] = early(refusal);
      return fault
        ? `${titleOf(fault.certificate, refusal)} is valid only from ${refusal.date(fault.certificate.notBefore)}${moment(refusal)}: issue it with an earlier notBefore, and compare the clocks of the issuer and the ${refusal.judge}`
        : `a certificate in the chain of ${leafOf(refusal)} is not yet valid by the ${refusal.judge}'s clock, and every one that was seen is by this one's: compare the clocks`;
    },
  },
  ERROR_IN_CERT_NOT_BEFORE_FIELD: {
    words: "format error in certificate's notBefore field",
    alert: 'bad_certificate',
    faults: (refusal) => malformedDates(refusal, 'notBefore'),
    next: (refusal) => malformedDateAdvice(refusal, 'notBefore'),
  },
  ERROR_IN_CERT_NOT_AFTER_FIELD: {
    words: "format error in certificate's notAfter field",
    alert: 'bad_certificate',
    faults: (refusal) => malformedDates(refusal, 'notAfter'),
    next: (refusal) => malformedDateAdvice(refusal, 'notAfter'),
  },
  INVALID_PURPOSE: {
    words: 'unsuitable certificate purpose',
    alert: 'unsupported_certificate',
    faults: unsuitable,
    next: (refusal) => {
      const faults = unsuitable(refusal);
      const sentences = [...new Set(faults.map(({ sentence }) => sentence))].slice(0, 2);
      return sentences.length > 0
        ? joined(sentences)
        : `${leafOf(refusal)}, or a CA above it that was not seen, is not meant for ${purposeOf(refusal)}: compare the extended key usage of the leaf and its CAs, and the basicConstraints of the CAs`;
    },
  },
  INVALID_CA: {
    words: 'invalid CA certificate',
    alert: 'unknown_ca',
    faults: notAuthorities,
    next: (refusal) =>
      notAuthorities(refusal)[0]?.sentence ??
      `a certificate above ${leafOf(refusal)} is not a CA: issue with a certificate whose basicConstraints say CA:TRUE`,
  },
  KEYUSAGE_NO_CERTSIGN: {
    words: 'key usage does not include certificate signing',
    hidden: true,
    alert: 'unknown_ca', // a server that stops at the first error meets INVALID_CA before it comes to the key usage (measured)
    faults: noCertificateSigning,
    next: (refusal) => {
      const [fault] = noCertificateSigning(refusal);
      return `${fault ? titleOf(fault.certificate, refusal) : `a CA above ${leafOf(refusal)}`} issued a certificate, but its keyUsage lacks keyCertSign: issue with a CA (root.issueAuthority()), not with a leaf`;
    },
  },
  PATH_LENGTH_EXCEEDED: {
    words: 'path length constraint exceeded',
    alert: 'unknown_ca',
    faults: exceeded,
    next: (refusal) => {
      const [fault] = exceeded(refusal);
      return fault
        ? `${titleOf(fault.certificate, refusal)} has the pathLength ${fault.certificate.pathLength ?? 0}, and ${fault.below} CA(s) follow below it: raise the pathLength, or issue with fewer intermediates`
        : `a CA above ${leafOf(refusal)} allows fewer CAs below it than there are: raise its pathLength, or issue with fewer intermediates`;
    },
  },
  CERT_CHAIN_TOO_LONG: {
    words: 'certificate chain too long',
    alert: 'unknown_ca',
    next: (refusal) =>
      `${leafOf(refusal)} came with ${refusal.chain.length - 1} issuer(s), a longer chain than the ${refusal.judge} verifies: send fewer intermediates`,
  },
  INVALID_NON_CA: {
    words: 'invalid non-CA certificate (has CA markings)',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) => `${leafOf(refusal)} is marked as a CA where a leaf is wanted: issue a leaf with ${issueCall(refusal)}`,
  },
  INVALID_EXTENSION: {
    words: 'invalid or inconsistent certificate extension',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `an extension in the chain of ${leafOf(refusal)} is invalid or contradicts another: issue the certificate without it (openssl x509 -text shows them)`,
  },
  UNHANDLED_CRITICAL_EXTENSION: {
    words: 'unhandled critical extension',
    hidden: true,
    alert: 'certificate_unknown',
    faults: unknownCritical,
    next: (refusal) => {
      const [fault] = unknownCritical(refusal);
      return `${fault ? titleOf(fault.certificate, refusal) : `a certificate in the chain of ${leafOf(refusal)}`} has a critical extension that OpenSSL does not process, so it must refuse it: make the extension not critical, or leave it out`;
    },
  },
  KEYUSAGE_NO_DIGITAL_SIGNATURE: {
    words: 'key usage does not include digital signature',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) => `the keyUsage in the chain of ${leafOf(refusal)} lacks digitalSignature: add it`,
  },
  PROXY_CERTIFICATES_NOT_ALLOWED: {
    words: 'proxy certificates not allowed, please set the appropriate flag',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `${leafOf(refusal)} or an issuer of it is a proxy certificate (RFC 3820), which Node does not accept: leave out the proxyCertInfo extension`,
  },
  PROXY_PATH_LENGTH_EXCEEDED: {
    words: 'proxy path length constraint exceeded',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `the chain of ${leafOf(refusal)} has more proxy certificates (RFC 3820) than their path length allows: leave them out`,
  },
  PROXY_SUBJECT_NAME_VIOLATION: {
    words: 'proxy subject name violation',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `the subject of a proxy certificate (RFC 3820) in the chain of ${leafOf(refusal)} is not its issuer's name and one common name more: leave the proxy certificate out`,
  },
  UNNESTED_RESOURCE: {
    words: "RFC 3779 resource not subset of parent's resources",
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `the IP address or AS number blocks (RFC 3779) of ${leafOf(refusal)} are not within those of its issuer: leave the extension out, or give it to every CA above`,
  },
} as const satisfies Rows<VerifyRow>;

/** A fault with the sentence that explains it. */
export interface ExplainedFault extends Fault {
  readonly sentence: string;
}

function expired({ path, at }: Refusal): readonly Fault[] {
  return path.certificates.filter(({ notAfter }) => notAfter.getTime() < at).map((certificate) => ({ certificate, mark: 'expired' }));
}

function early({ path, at }: Refusal): readonly Fault[] {
  return path.certificates
    .filter(({ notBefore }) => notBefore.getTime() > at)
    .map((certificate) => ({ certificate, mark: 'not yet valid' }));
}

/** A resumed session keeps the result of the handshake in which the certificate was sent. */
function onceVerified({ handshake }: Refusal): string {
  return handshake.resumed ? '; the session was resumed, so the certificate is that of its first handshake' : '';
}

function malformedDateAdvice(refusal: Refusal, field: 'notBefore' | 'notAfter'): string {
  const [fault] = malformedDates(refusal, field);
  const [whose, written] = fault
    ? [titleOf(fault.certificate, refusal), ` (${quoted(fault.written)})`]
    : [`${leafOf(refusal)}, or of a CA above it,`, ''];
  return `the ${field} date of ${whose}${written} is not in the form that RFC 5280 4.1.2.5 requires (YYMMDDHHMMSSZ, or YYYYMMDDHHMMSSZ from 2050 on): issue it with a valid date`;
}

function malformedDates({ path }: Refusal, field: 'notBefore' | 'notAfter'): readonly (Fault & { readonly written: string })[] {
  return path.certificates.flatMap((certificate) => {
    const written = malformedDate(certificate, field);
    return written === undefined ? [] : [{ certificate, mark: `${field} is malformed`, written }];
  });
}

/** The certificates that do not suit the role of the end that presented them, the uppermost first: Node reports what OpenSSL found last. */
function unsuitable(refusal: Refusal): readonly ExplainedFault[] {
  const { path } = refusal;
  const faults = [
    ...path.certificates.flatMap((certificate, depth) => extendedUsageFault(certificate, depth, refusal)),
    ...notAuthorities(refusal),
    ...leafUsageFault(refusal),
    ...netscapeFault(refusal),
  ];
  return faults.toSorted((a, b) => path.certificates.indexOf(b.certificate) - path.certificates.indexOf(a.certificate));
}

function purposeOf({ presenter }: Refusal): 'clientAuth' | 'serverAuth' {
  return presenter === 'client' ? 'clientAuth' : 'serverAuth';
}

/** OpenSSL does not take anyExtendedKeyUsage for the purpose itself (measured). */
function extendedUsageFault(certificate: PeerCertificate, depth: number, refusal: Refusal): readonly ExplainedFault[] {
  const purpose = purposeOf(refusal);
  const { extendedKeyUsage } = certificate;
  if (!extendedKeyUsage || extendedKeyUsage.includes(purpose)) return [];
  const has = extendedKeyUsage.length === 0 ? 'an empty extended key usage' : `the extended key usage ${listed(extendedKeyUsage)}`;
  const remedy = depth === 0 ? `use ${issueCall(refusal)}` : `give it ${purpose} as well, or no extended key usage`;
  const sentence = `${titleOf(certificate, refusal)} has ${has}, and a ${refusal.presenter} needs ${purpose}: ${remedy}`;
  return [{ certificate, mark: `not for ${purpose}`, sentence }];
}

function notAuthorities(refusal: Refusal): readonly ExplainedFault[] {
  const { certificates } = refusal.path;
  return certificates
    .filter(({ isAuthority }, depth) => depth > 0 && !isAuthority)
    .map((certificate) => ({
      certificate,
      mark: 'not a CA',
      sentence: `${titleOf(certificate, refusal)} issued ${quoted(certificates[certificates.indexOf(certificate) - 1]?.subject.text ?? '')}, but is not a CA: its basicConstraints lack CA:TRUE; issue with a CA (root.issueAuthority())`,
    }));
}

/** What OpenSSL requires of the key usage of a TLS client or server, where it is restricted (crypto/x509/v3_purp.c). */
function leafUsageFault(refusal: Refusal): readonly ExplainedFault[] {
  const [certificate] = refusal.path.certificates;
  const wanted = new Set(['digitalSignature', 'keyAgreement', ...(refusal.presenter === 'server' ? ['keyEncipherment'] : [])]);
  if (!certificate?.keyUsage || certificate.keyUsage.some((usage) => wanted.has(usage))) return [];
  const sentence = `${titleOf(certificate, refusal)} has the key usage ${listed(certificate.keyUsage) || 'of no bit'}, and a ${refusal.presenter} needs digitalSignature: use ${issueCall(refusal)}`;
  return [{ certificate, mark: 'its key usage does not allow TLS', sentence }];
}

/** Netscape's certificate type, which OpenSSL still looks at; where the rest suits, it is what does not. */
function netscapeFault(refusal: Refusal): readonly ExplainedFault[] {
  const [certificate] = refusal.path.certificates;
  if (!certificate || !hasExtension(certificate, netscapeCertificateType)) return [];
  const sentence = `${titleOf(certificate, refusal)} has a Netscape certificate type (nsCertType) that does not allow ${purposeOf(refusal)}: leave the extension out`;
  return [{ certificate, mark: 'its Netscape certificate type', sentence }];
}

function unknownCritical({ path }: Refusal): readonly Fault[] {
  return path.certificates.filter(hasUnknownCritical).map((certificate) => ({ certificate, mark: 'has an unknown critical extension' }));
}

function noCertificateSigning({ path }: Refusal): readonly Fault[] {
  return path.certificates
    .filter(({ keyUsage }, depth) => depth > 0 && keyUsage?.includes('keyCertSign') === false)
    .map((certificate) => ({ certificate, mark: 'may not sign certificates' }));
}

/** CAs with more CAs below them than they allow; those that issued themselves anew do not count (RFC 5280 4.2.1.9). */
function exceeded({ path }: Refusal): readonly (Fault & { readonly below: number })[] {
  return path.certificates.flatMap((certificate, depth) => {
    const below = path.certificates.slice(1, depth).filter(({ subject, issuer }) => subject.text !== issuer.text).length;
    return depth > 0 && certificate.pathLength !== undefined && certificate.pathLength < below
      ? [{ certificate, mark: `allows ${certificate.pathLength} CA(s) below it`, below }]
      : [];
  });
}

const netscapeCertificateType = '2.16.840.1.113730.1.1';
