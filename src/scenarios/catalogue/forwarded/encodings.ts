import { encodePem } from '../../../asn1/pem.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import { hasCertificate, isEscaped, isPem, isPlainBase64 } from './format-facts.ts';

/** The certificate in the header, encoded otherwise than the proxy does. */
export const encodings = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-plus-sign',
      title: 'a certificate with + in Base64',
      differs: 'its Base64 has + and /, which a decoder of forms would read otherwise',
      tier: 'control',
      references: [
        { rfc: 4648, section: '4' },
        { rfc: 3986, section: '2.1' },
      ],
      where: hasCertificate,
      sends: (setup) => [request(setup.lines(setup.authorizedWithPlus))],
    },
    {
      id: 'forwarded-escaped-twice',
      title: 'a value that is escaped twice',
      differs: 'each % of the value is escaped again, as by two proxies in a row',
      tier: 'core',
      references: [{ rfc: 3986, section: '2.4' }],
      cwes: ['CWE-174'],
      severity: 'medium',
      where: isEscaped,
      sends: (setup) => [request(setup.rewritten((text) => text.replaceAll('%', '%25')))],
    },
    {
      id: 'forwarded-escape-lower-case',
      title: 'a value whose escapes are in small letters',
      differs: 'the hexadecimal digits of the escapes are in small letters',
      tier: 'control',
      references: [{ rfc: 3986, section: '2.1' }],
      where: isEscaped,
      sends: (setup) => [
        request(setup.rewritten((text) => text.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase()), { whole: true })),
      ],
    },
    {
      id: 'forwarded-escape-invalid',
      title: 'a value with an escape that is not one',
      differs: 'there is a % without two hexadecimal digits in the value',
      tier: 'core',
      references: [{ rfc: 3986, section: '2.1' }],
      cwes: ['CWE-20'],
      severity: 'medium',
      where: isEscaped,
      sends: (setup) => [
        request(
          setup.rewritten((text) => `${text}%2`),
          'with %2 at the end',
        ),
        request(
          setup.rewritten((text) => inserted(text, '%zz')),
          'with %zz in it',
        ),
      ],
    },
    {
      id: 'forwarded-value-truncated',
      title: 'a value that is cut off',
      differs: 'the last third of the certificate is missing, and what ends its encoding',
      tier: 'core',
      references: [{ rfc: 9440, section: '2.1' }],
      cwes: ['CWE-20'],
      severity: 'high',
      where: hasCertificate,
      sends: (setup) => [request(setup.rewritten(cutOff))],
    },
    {
      id: 'forwarded-certificate-truncated',
      title: 'a certificate that is cut off',
      differs: 'the last octets of the certificate are missing, and its encoding is whole',
      tier: 'core',
      references: [{ rfc: 5280, section: '4.1' }],
      cwes: ['CWE-20', 'CWE-347'],
      severity: 'high',
      where: hasCertificate,
      sends: (setup) => [request(setup.rewritten((text) => setup.text.write(setup.text.read(text).subarray(0, -24))))],
    },
    {
      id: 'forwarded-trailing-octets',
      title: 'a certificate with octets behind it',
      differs: 'octets that belong to nothing follow the certificate',
      tier: 'extended',
      references: [{ rfc: 9440, section: '2.1' }],
      cwes: ['CWE-20'],
      severity: 'low',
      where: hasCertificate,
      sends: (setup) => [request(setup.rewritten((text) => setup.text.write(Buffer.concat([setup.text.read(text), Buffer.from([5, 0])]))))],
    },
    {
      id: 'forwarded-two-pem-forged-first',
      title: 'two certificates in one PEM, a forged one first',
      differs: "the authorized client's certificate stands before the true one, where the format has one",
      tier: 'core',
      references: [{ rfc: 7468, section: '2' }],
      cwes: ['CWE-20', 'CWE-436'],
      severity: 'high',
      where: (facts) => isPem(facts) && facts.chain !== 'text',
      sends: (setup) => [
        request(setup.rewritten(() => setup.text.writePem(`${setup.authorized.certificatePem}${setup.other.certificatePem}`))),
      ],
    },
    {
      id: 'forwarded-two-pem-forged-last',
      title: 'two certificates in one PEM, a forged one last',
      differs: "the authorized client's certificate stands behind the true one",
      tier: 'core',
      references: [{ rfc: 7468, section: '2' }],
      cwes: ['CWE-20', 'CWE-436'],
      severity: 'high',
      where: isPem,
      sends: (setup) => [
        request(setup.rewritten(() => setup.text.writePem(`${setup.other.certificatePem}${setup.authorized.certificatePem}`))),
      ],
    },
    {
      id: 'forwarded-two-certificates',
      title: 'two certificates in one value',
      differs: 'another certificate follows in the same Base64',
      tier: 'extended',
      references: [{ rfc: 9440, section: '2.1' }],
      cwes: ['CWE-20', 'CWE-436'],
      severity: 'low',
      where: isPlainBase64,
      sends: (setup) => [
        request(setup.rewritten((text) => setup.text.write(Buffer.concat([setup.text.read(text), setup.other.certificate.raw])))),
      ],
    },
    {
      id: 'forwarded-other-pem-type',
      title: 'PEM of another type',
      differs: 'the armour says CERTIFICATE REQUEST, or PRIVATE KEY',
      tier: 'core',
      references: [{ rfc: 7468, section: '2' }],
      cwes: ['CWE-20'],
      severity: 'medium',
      where: isPem,
      sends: (setup) =>
        ['CERTIFICATE REQUEST', 'PRIVATE KEY'].map((label) =>
          request(
            setup.rewritten((text) => setup.text.writePem(encodePem(label, setup.text.read(text)))),
            `as ${label}`,
          ),
        ),
    },
    {
      id: 'forwarded-blank-inside',
      title: 'a value with a blank in it',
      differs: 'there is a blank within the Base64, or a tabulator',
      tier: 'extended',
      references: [
        { rfc: 4648, section: '3.3' },
        { rfc: 8941, section: '3.3.5' },
      ],
      cwes: ['CWE-20'],
      severity: 'low',
      where: (facts) => hasCertificate(facts) && facts.encoding !== 'spaced-pem', // which has them there
      sends: (setup) => [
        request(
          setup.rewritten((text) => inserted(text, ' ')),
          'with a blank',
        ),
        request(
          setup.rewritten((text) => inserted(text, '\t')),
          'with a tabulator',
        ),
      ],
    },
    {
      id: 'forwarded-base64url',
      title: 'a value in the alphabet of URLs',
      differs: 'the Base64 has - and _ in place of + and /',
      tier: 'extended',
      references: [
        { rfc: 4648, section: '5' },
        { rfc: 8941, section: '4.2.7' },
      ],
      cwes: ['CWE-20'],
      severity: 'low',
      where: isPlainBase64,
      sends: (setup) => [
        request(
          setup.with(setup.essentials(setup.authorizedWithPlus), 'certificate', (value) =>
            setup.text.edit(value, (text) => text.replaceAll('+', '-').replaceAll('/', '_')),
          ),
        ),
      ],
    },
    {
      id: 'forwarded-without-colons',
      title: 'Base64 without its colons',
      differs: 'the value is Base64 without the colons of a Byte Sequence',
      tier: 'extended',
      references: [{ rfc: 8941, section: '4.2.7' }],
      cwes: ['CWE-20'],
      severity: 'low',
      where: ({ encoding }) => encoding === 'byte-sequence',
      sends: (setup) => [request(setup.with(setup.essentials(setup.authorized), 'certificate', (value) => value.slice(1, -1)))],
    },
    {
      id: 'forwarded-parameter',
      title: 'a Byte Sequence with a parameter',
      differs: 'a parameter follows the item, which is to be ignored',
      tier: 'varies',
      expected: 'accepted',
      references: [{ rfc: 8941, section: '3.1.2' }],
      where: (_facts, format) => format === 'rfc9440',
      sends: (setup) => [request(setup.with(setup.lines(setup.authorized), 'certificate', (value) => `${value};a=1`))],
    },
  );

/** Within the first certificate, where there are several. */
function cutOff(text: string): string {
  const end = text.indexOf('-----END');
  return text.slice(0, Math.floor(((end === -1 ? text.length : end) * 2) / 3));
}

/** In the middle of the first half: within the Base64 of any encoding, and not within an escape or armour. */
function inserted(text: string, sign: string): string {
  const middle = Math.floor(text.length / 2);
  const at = text.slice(0, middle).lastIndexOf('%') === -1 ? middle : afterEscape(text, middle);
  return `${text.slice(0, at)}${sign}${text.slice(at)}`;
}

function afterEscape(text: string, from: number): number {
  const escape = text.lastIndexOf('%', from);
  return Math.max(from, escape + 3);
}
