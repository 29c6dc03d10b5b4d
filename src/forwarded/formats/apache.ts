import { encodePem } from '../../asn1/pem.ts';
import { type FieldTexts, fieldTexts, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { serialNumberHex } from '../encodings/certificate-texts.ts';
import { certificatesOfPem } from '../encodings/percent-encoded-pem.ts';
import { rfc2253Name } from '../encodings/rfc2253-name.ts';
import { verifyCode } from '../encodings/verify-codes.ts';
import { readVerifyWords } from '../encodings/verify-words.ts';
import type { ForwardedClient, ForwardedField, HeaderFormat, HeaderNames } from '../format.ts';
import { malformed } from '../malformed.ts';

const names: HeaderNames = {
  certificate: 'X-SSL-Client-Cert',
  verify: 'X-SSL-Client-Verify',
  subject: 'X-SSL-Client-S-DN',
  issuer: 'X-SSL-Client-I-DN',
  serialNumber: 'X-SSL-Client-M-Serial',
};

/** Apache httpd with `RequestHeader set` of `%{SSL_CLIENT_CERT}s` and so on: PEM on one line, octets of UTF-8 as they are, and `(null)` for what is absent or empty. */
export const apache: HeaderFormat = {
  format: 'apache',
  names,
  repeatable: [],
  write(client) {
    const [leaf] = client.certificates;
    const verify = leaf ? verifyWords(client) : 'NONE';
    return [['certificate', leaf ? onOneLine(leaf) : absent], ['verify', verify], ...textsOf(leaf)];
  },
  parse(lines) {
    const { certificate: [given] = [], verify: [verify] = [] } = lines;
    const leaf = given === undefined || given === absent ? undefined : certificateOnOneLine(given);
    const expected: FieldTexts = Object.fromEntries(readCertificateIn('X-SSL-Client-Cert', () => textsOf(leaf)));
    const hasCertificate = leaf !== undefined;
    requireAgreement(names, lines, { expected, hasCertificate });
    const verified = readVerifyWords('X-SSL-Client-Verify', verify, { hasCertificate, generous: true });
    return { certificates: leaf ? [leaf] : [], verified, fields: fieldTexts(lines) };
  },
};

/** `GENEROUS` is not a reason of OpenSSL's: what `SSLVerifyClient optional_no_ca` may say of a certificate that it did not verify. */
function verifyWords(client: ForwardedClient): string {
  if (client.verified === 'GENEROUS') return client.verified;
  const code = verifyCode(client);
  return code ? `FAILED:${code.text}` : 'SUCCESS';
}

function textsOf(leaf: Uint8Array | undefined): [ForwardedField, string][] {
  if (!leaf) return (['subject', 'issuer', 'serialNumber'] as const).map((field) => [field, absent]);
  const { subject, issuer, serialNumber } = certificateOctets(leaf);
  return [
    ['subject', rfc2253Name(subject, { beyondAscii: 'raw' }) || absent],
    ['issuer', rfc2253Name(issuer, { beyondAscii: 'raw' }) || absent],
    ['serialNumber', serialNumberHex(serialNumber)],
  ];
}

/** mod_headers writes a blank in place of each line feed, also the last. */
function onOneLine(leaf: Uint8Array): string {
  return encodePem('CERTIFICATE', leaf).replaceAll('\n', ' ');
}

/** The last blank may be gone: HTTP removes blanks around a value (RFC 9110 5.5). */
function certificateOnOneLine(given: string): Uint8Array {
  const header = 'X-SSL-Client-Cert';
  const line = given.endsWith(' ') ? given : `${given} `;
  if (!line.startsWith(begin) || line.includes('\n')) throw malformed(header, 'it does not begin with BEGIN CERTIFICATE and a blank');
  const body = line.slice(begin.length);
  if (!body.endsWith(end)) throw malformed(header, 'it does not end with END CERTIFICATE');
  const pem = `${begin.trimEnd()}\n${body.slice(0, -end.length).replaceAll(' ', '\n')}\n${end.trim()}\n`;
  const [certificate, ...more] = certificatesOfPem(header, pem);
  if (!certificate || more.length > 0) throw malformed(header, `it holds ${more.length + 1} certificates`);
  return certificate;
}

const absent = '(null)';
const begin = '-----BEGIN CERTIFICATE----- ';
const end = ' -----END CERTIFICATE----- ';
