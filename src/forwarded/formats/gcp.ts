import { createHash } from 'node:crypto';
import { inspectChain } from '../../x509/inspect-certificate.ts';
import { type FieldTexts, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { base64 } from '../encodings/base64-der.ts';
import { byteSequence, certificateOfByteSequence } from '../encodings/byte-sequence.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { googleFields } from '../encodings/google-fields.ts';
import { truthOf } from '../encodings/truth.ts';
import type { FieldLines, ForwardedClient, ForwardedField, HeaderFormat } from '../format.ts';
import { malformed } from '../malformed.ts';

const names = {
  present: 'X-Client-Cert-Present',
  verify: 'X-Client-Cert-Chain-Verified',
  error: 'X-Client-Cert-Error',
  fingerprint: 'X-Client-Cert-Hash',
  serialNumber: 'X-Client-Cert-Serial-Number',
  spiffeId: 'X-Client-Cert-SPIFFE',
  uris: 'X-Client-Cert-URI-SANs',
  dnsNames: 'X-Client-Cert-DNSName-SANs',
  notBefore: 'X-Client-Cert-Valid-Not-Before',
  notAfter: 'X-Client-Cert-Valid-Not-After',
  issuer: 'X-Client-Cert-Issuer',
  subject: 'X-Client-Cert-Subject',
  certificate: 'X-Client-Cert-Leaf',
  chain: 'X-Client-Cert-Chain',
} as const;

/**
 * A Google Cloud load balancer with a custom header for each of its variables of mutual TLS. All headers come, most of them empty: for a client without certificate, for what the
 * certificate lacks, for what exceeds a limit, and for all but the fingerprint where the certificate did not pass validation.
 */
export const gcp: HeaderFormat = {
  format: 'gcp',
  names,
  repeatable: [],
  write(client) {
    const texts = textsOf(client);
    const fields = Object.keys(names) as (keyof typeof names)[]; // its own keys
    return fields.filter((field) => client.chain || field !== 'chain').map((field) => [field, texts[field] ?? '']);
  },
  parse(lines) {
    const given = withoutEmpty(lines);
    const verified = truthOf(names.verify, given.verify);
    const isPresent = truthOf(names.present, given.present);
    if (isPresent === false && (verified === true || given.fingerprint !== undefined))
      throw malformed(names.present, 'it is false, and another header describes a certificate');
    const certificates = certificatesOf(given);
    if (certificates.length > 0 && verified === false)
      throw malformed(names.verify, 'it is false, and there is a certificate, which is sent only after validation');
    if (certificates.length > 0) requireAgreement(names, sideFields(lines), { expected: expectedFor(certificates), hasCertificate: true });
    return { certificates, verified, fields: googleFields(names, given) };
  },
};

function textsOf({ certificates, verified }: Pick<ForwardedClient, 'certificates' | 'verified'>): FieldTexts {
  const [leaf, ...issuers] = certificates;
  if (!leaf) return { present: 'false', verify: 'false', error: 'client_cert_not_provided' };
  const fingerprint = createHash('sha256').update(leaf).digest('base64').replace('=', ''); // not padded, as the others are
  if (verified !== true) return { present: 'true', verify: 'false', error: errorOf(verified), fingerprint };
  const { texts, errors } = withinLimits([...describe(leaf), ...encodedChain(leaf, issuers)]);
  return { present: 'true', verify: 'true', error: errors.join(','), fingerprint, ...texts };
}

/** A value, and the error where it is too long; `length` is that of what the limit is for. */
interface LimitedText {
  readonly field: ForwardedField;
  readonly text: string;
  readonly limit: number;
  readonly error?: string;
  readonly length?: number;
}

function describe(leaf: Uint8Array): LimitedText[] {
  const { altNames, spiffeId = '', notBefore, notAfter } = inspectChain([leaf]);
  const { serialNumber, issuer, subject } = certificateOctets(leaf).elements;
  const serial = Buffer.from(serialNumber.content).toString('hex').match(/../gu) ?? [];
  const uris = altNames.uri.filter((uri) => uri !== spiffeId);
  return [
    { field: 'serialNumber', text: serial.join(':'), limit: 50, error: 'serial_number', length: serial.length },
    { field: 'spiffeId', text: spiffeId, limit: 2048, error: 'spiffe_id' },
    { field: 'uris', text: uris.map(encodedText).join(','), limit: 512, error: 'uri_sans' },
    { field: 'dnsNames', text: altNames.dns.map(encodedText).join(','), limit: 512, error: 'dnsname_sans' },
    { field: 'notBefore', text: rfc3339(notBefore), limit: 25 },
    { field: 'notAfter', text: rfc3339(notAfter), limit: 25 },
    { field: 'issuer', text: base64(issuer.bytes), limit: 512, error: 'issuer_dn' },
    { field: 'subject', text: base64(subject.bytes), limit: 512, error: 'subject_dn' },
  ];
}

/** The limit of the chain is for both together, before they are encoded. A List has a blank behind each comma (RFC 8941 4.1.1). */
function encodedChain(leaf: Uint8Array, issuers: readonly Uint8Array[]): LimitedText[] {
  const together = issuers.reduce((sum, { length }) => sum + length, leaf.length);
  return [
    { field: 'certificate', text: byteSequence(leaf), limit: 16_384, error: 'validated_leaf', length: leaf.length },
    { field: 'chain', text: issuers.map(byteSequence).join(', '), limit: 16_384, error: 'validated_chain', length: together },
  ];
}

function withinLimits(all: readonly LimitedText[]): { readonly texts: FieldTexts; readonly errors: readonly string[] } {
  const isOver = ({ text, limit, length = text.length }: LimitedText): boolean => text !== '' && length > limit;
  return {
    texts: Object.fromEntries(all.map((each) => [each.field, isOver(each) ? '' : each.text])),
    errors: all.filter(isOver).map(({ error }) => `client_cert_${error}_exceeded_size_limit`),
  };
}

/** One of Google's own words is taken as it is given. */
function errorOf(verified: ForwardedClient['verified']): string {
  if (typeof verified === 'string' && verified.startsWith('client_cert_')) return verified;
  return verified === 'INVALID_PURPOSE' ? 'client_cert_chain_invalid_eku' : 'client_cert_validation_failed';
}

function certificatesOf({ certificate, chain }: FieldTexts): readonly Uint8Array[] {
  if (certificate === undefined && chain !== undefined) throw malformed(names.chain, `it came without ${names.certificate}`);
  if (certificate === undefined) return [];
  const issuers = chain?.split(',').map((item) => certificateOfByteSequence(names.chain, item)) ?? [];
  return [certificateOfByteSequence(names.certificate, certificate), ...issuers];
}

function expectedFor(certificates: readonly Uint8Array[]): FieldTexts {
  const texts = readCertificateIn(names.certificate, () => textsOf({ certificates, verified: true }));
  return { ...Object.fromEntries(Object.keys(names).map((field) => [field, ''])), ...texts };
}

/** What has to agree with the certificate. The documentation has no example of a fingerprint: padding is allowed. */
function sideFields({ chain: _chain, ...lines }: FieldLines): FieldLines {
  const [fingerprint] = lines.fingerprint ?? [];
  return { ...lines, ...(fingerprint !== undefined && { fingerprint: [fingerprint.replace(/=$/u, '')] }) };
}

function withoutEmpty(lines: FieldLines): FieldTexts {
  return Object.fromEntries(Object.entries(lines).flatMap(([field, [text = '']]) => (text === '' ? [] : [[field, text]])));
}

function encodedText(text: string): string {
  return Buffer.from(text).toString('base64');
}

function rfc3339(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/u, '+00:00');
}
