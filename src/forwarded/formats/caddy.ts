import { invalidOption } from '../../errors/index.ts';
import { type FieldTexts, fieldTexts, readCertificateIn, requireAgreement, withoutBlanks } from '../encodings/agreement.ts';
import { base64, certificateOfBase64 } from '../encodings/base64-der.ts';
import { certificateOctets } from '../encodings/certificate-octets.ts';
import { sha256Hex } from '../encodings/certificate-texts.ts';
import { goName } from '../encodings/go/name.ts';
import type { ForwardedField, HeaderFormat } from '../format.ts';

const names = {
  certificate: 'X-Client-Cert',
  fingerprint: 'X-Client-Fingerprint',
  issuer: 'X-Client-Issuer',
  serialNumber: 'X-Client-Serial',
  subject: 'X-Client-Subject',
} as const satisfies HeaderFormat['names'];

/**
 * Caddy with `header_up` of `{http.request.tls.client.certificate_der_base64}`, `.fingerprint`, `.issuer`, `.serial` (decimal) and `.subject`. Without a certificate Caddy 2.11 sends
 * empty texts, `<nil>`, and the fingerprint of nothing; Caddy 2.6 sends the text of the placeholders, which is read as none, too.
 */
export const caddy: HeaderFormat = {
  format: 'caddy',
  names,
  repeatable: [],
  write({ certificates: [leaf] }) {
    return [['certificate', leaf ? base64(leaf) : ''], ...Object.entries(leaf ? textsOf(leaf) : textsOfNone)] as [ForwardedField, string][]; // the fields of a FieldTexts
  },
  parse(lines) {
    const { certificate: [encoded] = [] } = lines;
    if (encoded === undefined) return { certificates: [], fields: fieldTexts(lines) };
    const leaf = encoded === '' || encoded === placeholders.certificate ? undefined : certificateOfBase64(names.certificate, encoded);
    const none = encoded === '' ? textsOfNone : placeholders;
    const expected = leaf ? readCertificateIn(names.certificate, () => textsOf(leaf)) : none;
    requireAgreement(names, lines, { expected, hasCertificate: leaf !== undefined });
    return { certificates: leaf ? [leaf] : [], fields: leaf ? fieldTexts(lines) : {} };
  },
};

/** In Go's order of headers: by name. */
function textsOf(leaf: Uint8Array): FieldTexts {
  const { subject, issuer, serialNumber } = certificateOctets(leaf);
  return {
    fingerprint: sha256Hex(leaf),
    issuer: headerValue('issuer', goName(issuer)),
    serialNumber: String(serialNumber),
    subject: headerValue('subject', goName(subject)),
  };
}

/** As Go's `net/http` sends it: without blanks at its ends. It sends no request whose header holds a control character. */
function headerValue(field: string, value: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/u.test(value))
    throw invalidOption(
      'client',
      `a certificate whose ${field} holds a control character`,
      'one without: Caddy answers 502 to its requests',
    );
  return withoutBlanks(value);
}

/** SHA-256 of nothing, written out: computing it would load node:crypto when the library is imported. */
const fingerprintOfNone = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const textsOfNone: FieldTexts = { fingerprint: fingerprintOfNone, issuer: '', serialNumber: '<nil>', subject: '' };
/** What Caddy 2.6 sends without a certificate (measured with 2.6.2): it replaces no placeholder that it does not know. */
const placeholders = {
  certificate: '{http.request.tls.client.certificate_der_base64}',
  fingerprint: '{http.request.tls.client.fingerprint}',
  issuer: '{http.request.tls.client.issuer}',
  serialNumber: '{http.request.tls.client.serial}',
  subject: '{http.request.tls.client.subject}',
} as const satisfies FieldTexts;
