import { expect, test } from 'vitest';
import {
  certificateOfPercentEncodedPem,
  certificatesOfPercentEncodedPem,
  percentEncodedPem,
} from '../../../src/forwarded/encodings/percent-encoded-pem.ts';

/** Base64 `MIIB+/8=`: every character of Base64 that some proxy escapes. */
const invented = Uint8Array.of(0x30, 0x82, 0x01, 0xfb, 0xff);
/** Whole DER, Base64 `MAQEAvv/`. */
const element = Uint8Array.of(0x30, 0x04, 0x04, 0x02, 0xfb, 0xff);
const encoded = '-----BEGIN%20CERTIFICATE-----%0AMAQEAvv%2F%0A-----END%20CERTIFICATE-----%0A';
const nginx = 'A-Za-z0-9.~_\\-';

test('PEM is percent-encoded with the characters that each program leaves', () => {
  expect(percentEncodedPem([invented], nginx)).toBe('-----BEGIN%20CERTIFICATE-----%0AMIIB%2B%2F8%3D%0A-----END%20CERTIFICATE-----%0A');
  expect(percentEncodedPem([invented], `${nginx}+=/`)).toBe('-----BEGIN%20CERTIFICATE-----%0AMIIB+/8=%0A-----END%20CERTIFICATE-----%0A');
});

test('what was encoded is decoded, also with digits in lower case', () => {
  expect(certificateOfPercentEncodedPem('X-Cert', encoded, nginx)).toEqual(element);
  expect(certificateOfPercentEncodedPem('X-Cert', encoded.replaceAll('%0A', '%0a'), nginx)).toEqual(element);
  expect(certificatesOfPercentEncodedPem('X-Cert', encoded + encoded, nginx)).toEqual([element, element]);
});

test.for([
  ['nothing', '', 'it is not percent-encoded PEM'],
  ['PEM that is not encoded', decodeURIComponent(encoded), 'it is not percent-encoded PEM'],
  ['blanks as plus signs', encoded.replaceAll('%20', '+'), 'it is not percent-encoded PEM'],
  ['half of an escape', encoded.slice(0, -1), 'it is not percent-encoded PEM'],
  ['an escape of other digits', encoded.replace('%2F', '%zz'), 'it is not percent-encoded PEM'],
  ['PEM that is encoded twice', encoded.replaceAll('%', '%25'), 'it does not begin with BEGIN CERTIFICATE'],
  ['more escapes than the program writes', encoded.replaceAll('-', '%2D'), 'it escapes characters that need no escape'],
  ['text before the certificate', `%0A${encoded}`, 'it does not begin with BEGIN CERTIFICATE'],
  ['text after it', `${encoded}%0A`, 'a certificate does not end with END CERTIFICATE'],
  ['a private key', encoded.replaceAll('CERTIFICATE', 'PRIVATE%20KEY'), 'it does not begin with BEGIN CERTIFICATE'],
  ['a certificate without its end', encoded.slice(0, encoded.indexOf('-----END')), 'a certificate does not end with END CERTIFICATE'],
  ['a body that is not Base64', encoded.replace('MAQEAvv', 'MAQE%20vv'), 'it is not Base64 (RFC 4648 4), padded and without blanks'],
  ['a body of several lines of less than 64 characters', encoded.replace('MAQE', 'MAQE%0A'), 'its PEM is not in lines of 64 characters'],
  ['DER that is cut off', encoded.replace('MAQEAvv%2F', 'MAQEAvs%3D'), 'an element is longer than what holds it'],
  ['DER that something follows', encoded.replace('MAQEAvv%2F', 'MAQEAvv%2FAA%3D%3D'), '1 octets follow its end'],
  ['two certificates', encoded + encoded, 'it holds 2 certificates'],
] as const)('%s is malformed', ([, text, problem]) => {
  expect(certificateOfPercentEncodedPem('X-Cert', encoded, nginx)).toEqual(element);
  expect(() => certificateOfPercentEncodedPem('X-Cert', text, nginx)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header: 'X-Cert', problem: expect.stringContaining(problem) } }),
  );
});
