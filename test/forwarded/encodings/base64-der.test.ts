import { expect, test } from 'vitest';
import { base64, bytesOfBase64, certificateOfBase64 } from '../../../src/forwarded/encodings/base64-der.ts';
import { createPki } from '../../../src/pki/pki.ts';

test('bytes are read from the one text that stands for them', () => {
  expect(base64(Uint8Array.of(0xfb, 0xff))).toBe('+/8=');
  expect(bytesOfBase64('X-Cert', '+/8=')).toEqual(Uint8Array.of(0xfb, 0xff));
});

test.for([
  ['nothing', ''],
  ['the alphabet of URLs', '-_8='],
  ['missing padding', '+/8'],
  ['bits after the last octet', '+/9='],
  ['a blank', '+/ 8='],
  ['a line feed at the end', '+/8=\n'],
  ['another letter', '+/8%3D'],
] as const)('%s is malformed', ([, text]) => {
  expect(() => bytesOfBase64('X-Cert', text)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header: 'X-Cert', problem: expect.stringContaining('not Base64') } }),
  );
});

test('a certificate is one DER element, with nothing after it', () => {
  const der = new Uint8Array(createPki().client('alice').certificate.raw);
  const invalid = expect.objectContaining({ code: 'FORWARDED_INVALID' });

  expect(certificateOfBase64('X-Cert', base64(der))).toEqual(der);
  expect(() => certificateOfBase64('X-Cert', base64(der.subarray(0, -1)))).toThrow(invalid);
  expect(() => certificateOfBase64('X-Cert', base64(Uint8Array.of(...der, 0)))).toThrow(invalid);
});
