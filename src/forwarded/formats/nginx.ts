import { type FieldTexts, fieldTexts, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { serialNumberHex, sha1Hex } from '../encodings/certificate-texts.ts';
import { certificateOfPercentEncodedPem, percentEncodedPem } from '../encodings/percent-encoded-pem.ts';
import { rfc2253Name } from '../encodings/rfc2253-name.ts';
import { verifyCode } from '../encodings/verify-codes.ts';
import { readVerifyWords } from '../encodings/verify-words.ts';
import type { ForwardedField, HeaderFormat, HeaderNames } from '../format.ts';

const names: HeaderNames = {
  certificate: 'X-SSL-CERT',
  verify: 'X-SSL-Client-Verify',
  subject: 'X-SSL-Client-S-DN',
  issuer: 'X-SSL-Client-I-DN',
  serialNumber: 'X-SSL-Client-Serial',
  fingerprint: 'X-SSL-Client-Fingerprint',
};

/**
 * nginx with `proxy_set_header` of `$ssl_client_escaped_cert`, `$ssl_client_verify`, `$ssl_client_s_dn`, `$ssl_client_i_dn`, `$ssl_client_serial`, `$ssl_client_fingerprint`. It
 * leaves out a header whose variable is empty: without a certificate there is only `NONE`.
 */
export const nginx: HeaderFormat = {
  format: 'nginx',
  names,
  repeatable: [],
  write(client) {
    const [leaf] = client.certificates;
    if (!leaf) return [['verify', 'NONE']];
    const code = verifyCode(client);
    const verify = code ? `FAILED:${code.text}` : 'SUCCESS';
    return [['certificate', percentEncodedPem([leaf], unescaped)], ['verify', verify], ...textsOf(leaf)];
  },
  parse(lines) {
    const { certificate: [encoded] = [], verify: [verify] = [] } = lines;
    const leaf = encoded === undefined ? undefined : certificateOfPercentEncodedPem('X-SSL-CERT', encoded, unescaped);
    const expected: FieldTexts = leaf ? Object.fromEntries(readCertificateIn('X-SSL-CERT', () => textsOf(leaf))) : {};
    const hasCertificate = leaf !== undefined;
    requireAgreement(names, lines, { expected, hasCertificate });
    const verified = readVerifyWords('X-SSL-Client-Verify', verify, { hasCertificate });
    return { certificates: leaf ? [leaf] : [], verified, fields: fieldTexts(lines) };
  },
};

function textsOf(leaf: Uint8Array): [ForwardedField, string][] {
  const { subject, issuer, serialNumber } = certificateOctets(leaf);
  const texts: [ForwardedField, string][] = [
    ['subject', rfc2253Name(subject, { beyondAscii: 'escaped' })],
    ['issuer', rfc2253Name(issuer, { beyondAscii: 'escaped' })],
    ['serialNumber', serialNumberHex(serialNumber)],
    ['fingerprint', sha1Hex(leaf)],
  ];
  return texts.filter(([, text]) => text !== '');
}

const unescaped = 'A-Za-z0-9._~\\-';
