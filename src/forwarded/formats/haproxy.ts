import { type FieldTexts, fieldTexts, readCertificateIn, requireAgreement } from '../encodings/agreement.ts';
import { base64, certificateOfBase64 } from '../encodings/base64-der.ts';
import { attributeShortName } from '../encodings/attribute-short-names.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { serialNumberHex, sha1Hex, shortTime } from '../encodings/certificate-texts.ts';
import { percentEncoded } from '../encodings/percent-encoded-pem.ts';
import { slashName } from '../encodings/slash-name.ts';
import { verifyCode } from '../encodings/verify-codes.ts';
import type { FieldLines, ForwardedField, HeaderFormat, HeaderNames } from '../format.ts';
import { malformed } from '../malformed.ts';

/** In small letters, as HAProxy sends all names. */
const names: HeaderNames = {
  certificate: 'x-ssl-cert',
  present: 'x-ssl-client-used',
  verify: 'x-ssl-client-verify',
  subject: 'x-ssl-client-dn',
  commonName: 'x-ssl-client-cn',
  fingerprint: 'x-ssl-client-sha1',
  serialNumber: 'x-ssl-client-serial',
  notBefore: 'x-ssl-client-notbefore',
  notAfter: 'x-ssl-client-notafter',
};

/**
 * HAProxy with `http-request set-header` of `%[ssl_c_der,base64]`, `%[ssl_c_used]`, `%[ssl_c_verify]`, `%[ssl_c_s_dn]`, `%[ssl_c_s_dn(cn)]`, `%[ssl_c_sha1,hex]`,
 * `%[ssl_c_serial,hex]`, `%[ssl_c_notbefore]`, `%[ssl_c_notafter]`. Without a certificate they are empty, and the code is 0 as for one that was verified.
 */
export const haproxy: HeaderFormat = {
  format: 'haproxy',
  names,
  repeatable: [],
  write(client) {
    const [leaf] = client.certificates;
    const code = leaf && verifyCode(client);
    return [
      ['certificate', leaf ? base64(leaf) : ''],
      ['present', leaf ? '1' : '0'],
      ['verify', String(code?.number ?? 0)],
      ...textsOf(leaf),
    ];
  },
  parse(lines) {
    const [given = ''] = lines.certificate ?? [];
    const leaf = given === '' ? undefined : certificateOfBase64('x-ssl-cert', given);
    const hasCertificate = leaf !== undefined;
    const texts = readCertificateIn('x-ssl-cert', () => textsOf(leaf));
    const expected: FieldTexts = { present: hasCertificate ? '1' : '0', ...Object.fromEntries(texts) };
    requireAgreement(names, lines, { expected, hasCertificate });
    return { certificates: leaf ? [leaf] : [], verified: verifiedOf(lines, hasCertificate), fields: fieldTexts(lines) };
  },
};

/** 0 says that a certificate was verified only beside `ssl_c_used`: it is 0 without any, too. */
function verifiedOf({ verify: [code] = [], present: [used] = [] }: FieldLines, hasCertificate: boolean): boolean | undefined {
  if (code === undefined) return undefined;
  if (!/^(?:0|[1-9]\d{0,2})$/u.test(code)) throw malformed('x-ssl-client-verify', "it is not the number of one of OpenSSL's codes");
  if (!hasCertificate && code !== '0') throw malformed('x-ssl-client-verify', 'it is not 0, and there is no certificate');
  return code === '0' && used === '1';
}

function textsOf(leaf: Uint8Array | undefined): [ForwardedField, string][] {
  if (!leaf) return emptyFields.map((field) => [field, '']);
  const { subject, serialNumber, notBefore, notAfter } = certificateOctets(leaf);
  const commonName = subject.find(({ type }) => attributeShortName(type) === 'CN');
  return [
    ['subject', withoutControls(slashName(subject))],
    ['commonName', commonName ? withoutControls(Buffer.from(commonName.value.content).toString('latin1')) : ''],
    ['fingerprint', sha1Hex(leaf).toUpperCase()],
    ['serialNumber', serialNumberHex(serialNumber < 0n ? -serialNumber : serialNumber)],
    ['notBefore', shortTime(notBefore)],
    ['notAfter', shortTime(notAfter)],
  ];
}

/** `set-header` percent-encodes controls but the tab, and no percent sign (measured on HAProxy 2.6). */
function withoutControls(text: string): string {
  return text.replaceAll(/[\x00-\x08\x0a-\x1f\x7f]/gu, percentEncoded);
}

const emptyFields = ['subject', 'commonName', 'fingerprint', 'serialNumber', 'notBefore', 'notAfter'] as const;
