import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { decodePem, encodePem } from '../../src/asn1/pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { certificatesIn, writtenAnew } from '../../src/x509/pem-input.ts';

const [one, other] = [createPki({ name: 'one' }), createPki({ name: 'other' })];
const both = one.anchors + other.anchors;
const indented = both.replaceAll(/^/gmu, '    ');
const ders = [one, other].map(({ root }) => root.certificate.raw);
const foreignBytes = (bytes: Uint8Array): Uint8Array => {
  const made: Uint8Array = runInNewContext('Uint8Array.from(octets)', { octets: [...bytes] });
  return made;
};
const trust = { what: 'trust', kind: 'certificate' } as const;
const crl = { what: 'crl', kind: 'X509 CRL' } as const;

test.for<readonly [string, unknown]>([
  ['as they were written', both],
  ['joined without a line break', one.anchors.trimEnd() + other.anchors],
  ['indented', indented],
  ['with CRLF after a byte order mark', `\uFEFF${both.replaceAll('\n', '\r\n')}`],
  ['with spaces at the ends of lines', both.replaceAll('\n', '  \n')],
  ['under the old label', both.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ['under the label of trust settings, without any', both.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
  ['on a line each', ders.map((der) => `-----BEGIN CERTIFICATE-----${der.toString('base64')}-----END CERTIFICATE-----\n`).join('')],
  ['in bytes', Buffer.from(indented)],
  ['in bytes of another realm', foreignBytes(Buffer.from(both))],
  ['as DER', ders],
  ['in a list of text and bytes', [one.anchors, Buffer.from(other.anchors)]],
])('certificates %s are written anew, both of them', ([, input]) => {
  expect(writtenAnew(trust, input).join('')).toBe(both);
  expect(certificatesIn('trust', input).map((der) => new X509Certificate(der).subject)).toEqual(
    [one, other].map(({ root }) => root.certificate.subject),
  );
});

test('settings of trust are kept', () => {
  const settings = Buffer.from('300c300a06082b06010505070302', 'hex');
  const trusted = encodePem('TRUSTED CERTIFICATE', Buffer.concat([one.root.certificate.raw, settings]));

  expect(writtenAnew(trust, trusted.replaceAll(/^/gmu, ' '))).toEqual([trusted]);
});

describe('refused by name', () => {
  test.for<readonly [string, unknown, string]>([
    ['a key beside it', both + one.root.keyPem, 'BEGIN PRIVATE KEY'],
    ['a CRL', one.issuer.crl(), 'BEGIN X509 CRL'],
    ['half a block behind it', both + other.anchors.slice(0, 99), 'BEGIN CERTIFICATE'],
    ['octets behind the DER', encodePem('CERTIFICATE', Buffer.concat(ders)), 'BEGIN CERTIFICATE'],
    ['two certificates of DER in one', Buffer.concat(ders), 'BEGIN CERTIFICATE'],
    ['no text', '', 'text without BEGIN'],
    ['an empty list', [], '[]'],
    ['a number', 5, 'number'],
  ])('%s', ([, input, value]) => {
    expect(() => writtenAnew(trust, input)).toThrow(
      expect.objectContaining({ code: 'PEM_INVALID', facts: expect.objectContaining({ value }) }),
    );
    expect(writtenAnew(trust, both)).toHaveLength(2);
  });
});

test('CRLs are written anew one by one, and Node takes each; a damaged one is refused', () => {
  const crls = [one.issuer.crl(), one.root.crl()].join('');
  const anew = writtenAnew(crl, crls.replaceAll(/^/gmu, '\t'));

  expect(anew.join('')).toBe(crls);
  expect(() => createSecureContext({ ca: one.anchors, crl: anew })).not.toThrow();
  expect(writtenAnew(crl, decodePem(crls)[0]?.der)).toEqual([anew[0]]);
  for (const damaged of [
    crls.replaceAll('X509 CRL', 'CRL'),
    encodePem('X509 CRL', Uint8Array.of(0x30, 0)),
    one.anchors.replaceAll('CERTIFICATE', 'X509 CRL'),
  ])
    expect(() => writtenAnew(crl, damaged)).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
});
