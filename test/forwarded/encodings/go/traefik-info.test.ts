import { expect, test } from 'vitest';
import { infoParts, infoText, selectedParts } from '../../../../src/forwarded/encodings/go/traefik-info.ts';
import { createPki, type LeafOptions } from '../../../../src/index.ts';

const pki = createPki({ name: 'Measured' });
const partsOf = (options: LeafOptions): ReturnType<typeof infoParts> => infoParts(pki.client(undefined, options).certificate.raw);

// Written by the middleware of Traefik 3.7.9, decoded.
test.for<[what: string, options: LeafOptions, written: string]>([
  [
    'addresses, and a date after 2049',
    {
      commonName: 'u',
      serialNumber: 1,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2050-01-01T00:00:00Z'),
      ip: ['127.0.0.1', '::ffff:1.2.3.4', '2001:db8::1', '::', '2001:0:0:1::1', '1:0:2:3:4:5:6:7'],
    },
    'Subject="CN=u";Issuer="O=mtls-fixtures,CN=Measured issuing CA";SerialNumber="1";NB="1767225600";NA="2524608000";SAN="127.0.0.1,1.2.3.4,2001:db8::1,::,2001:0:0:1::1,1:0:2:3:4:5:6:7"',
  ],
  [
    'dates before 1970',
    {
      commonName: 'old',
      serialNumber: 2n ** 127n,
      notBefore: new Date('1960-01-01T00:00:00Z'),
      notAfter: new Date('1961-01-01T00:00:00Z'),
    },
    'Subject="CN=old";Issuer="O=mtls-fixtures,CN=Measured issuing CA";SerialNumber="170141183460469231731687303715884105728";NB="18446744073393932416";NA="18446744073425554816"',
  ],
  [
    'attributes in the order of the middleware, of which it has one common name and one serial number',
    {
      serialNumber: 3,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      subject: [
        { type: 'commonName', value: 'first' },
        { type: 'serialNumber', value: '1' },
        { type: 'organizationalUnit', value: 'b' },
        { type: 'serialNumber', value: '2' },
        { type: 'country', value: 'FR' },
        { type: 'organizationalUnit', value: 'a' },
        { type: 'country', value: 'DE' },
        { type: 'domainComponent', value: 'test' },
        { type: 'domainComponent', value: 'example' },
        { type: 'emailAddress', value: 'a@b.test' },
        { type: 'state', value: 'S' },
        { type: 'locality', value: 'L' },
        { type: 'commonName', value: 'last' },
      ],
      email: 'a@b.test',
      uri: 'HTTP://u.test/',
      dns: 'c.test',
    },
    'Subject="DC=test,DC=example,C=FR,C=DE,ST=S,L=L,OU=b,OU=a,SN=2,CN=last";Issuer="O=mtls-fixtures,CN=Measured issuing CA";SerialNumber="3";NB="1767225600";NA="1798761600";SAN="c.test,a@b.test,http://u.test/"',
  ],
])('%s are written as Traefik writes them, and read', ([, options, written]) => {
  const parts = partsOf(options);

  expect(infoText(parts)).toBe(written);
  expect(selectedParts(`,${written}`, { at: 1, parts })).toEqual({ selected: parts, end: written.length + 1 });
});

test('parts that an operator selected are read up to where the next certificate begins', () => {
  const parts = partsOf({ commonName: 'a",Subject="b' });
  const text = 'Subject="CN=a",Subject="b"';

  expect(selectedParts(`${text},Subject="CN=c"`, { at: 0, parts })).toEqual({
    selected: [{ name: 'Subject', texts: ['CN=a",Subject="b'] }],
    end: text.length,
  });
  expect(selectedParts('Subject="CN=a"', { at: 0, parts })).toBeUndefined();
});
