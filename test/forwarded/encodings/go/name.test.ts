import { expect, test } from 'vitest';
import { certificateOctets } from '../../../../src/forwarded/encodings/certificate-octets.ts';
import { goName, goValues } from '../../../../src/forwarded/encodings/go/name.ts';
import { createPki, type Subject } from '../../../../src/index.ts';

const pki = createPki();
const nameOf = (subject: Subject): ReturnType<typeof certificateOctets>['subject'] =>
  certificateOctets(pki.client(undefined, { subject, dns: 'localhost' }).certificate.raw).subject;

// Sent by Caddy 2.6.2 and 2.11.7 as `{http.request.tls.client.subject}`.
test.for([
  ['an empty name', [], ''],
  [
    'values that have to be escaped',
    [
      { type: 'O', value: 'a\\' },
      { type: 'commonName', value: ' y<z>' },
    ],
    String.raw`CN=\ y\<z\>,O=a\\`,
  ],
  [
    'every type, those that Go does not name as DER',
    [
      { type: 'domainComponent', value: 'example' },
      { type: 'domainComponent', value: 'test' },
      { type: 'country', value: 'DE' },
      { type: 'state', value: 'Berlin' },
      { type: 'locality', value: 'Mitte' },
      { type: 'street', value: 'Weg 1' },
      { type: 'postalCode', value: '10115' },
      { type: 'organization', value: 'O' },
      { type: 'organizationalUnit', value: 'OU' },
      { type: 'serialNumber', value: '123' },
      { type: 'commonName', value: 'cn' },
      { type: 'emailAddress', value: 'a@b.test' },
      { type: '1.2.3.4.5', value: 'odd' },
    ],
    'SERIALNUMBER=123,CN=cn,OU=OU,O=O,POSTALCODE=10115,STREET=Weg 1,L=Mitte,ST=Berlin,C=DE,1.2.3.4.5=#13036f6464,1.2.840.113549.1.9.1=#0c086140622e74657374,0.9.2342.19200300.100.1.25=#130474657374,0.9.2342.19200300.100.1.25=#13076578616d706c65',
  ],
  [
    'a part of several attributes, as parts of their own',
    [
      { type: 'organization', value: 'O' },
      [
        { type: 'commonName', value: 'm' },
        { type: 'userId', value: 'u1' },
      ],
    ],
    'CN=m,O=O,0.9.2342.19200300.100.1.1=#13027531',
  ],
] as const satisfies readonly (readonly [string, Subject, string])[])('%s is written as Go writes it', ([, subject, text]) => {
  expect(goName(nameOf(subject))).toBe(text);
});

test('of several common names the last counts, of several units all', () => {
  const name = nameOf([
    { type: 'organizationalUnit', value: 'A' },
    { type: 'commonName', value: 'first' },
    { type: 'organizationalUnit', value: 'B' },
    { type: 'commonName', value: 'last' },
  ]);

  expect(goName(name)).toBe('CN=last,OU=A+OU=B');
  expect(goValues(name, '2.5.4.3')).toEqual(['last']);
  expect(goValues(name, '2.5.4.11')).toEqual(['A', 'B']);
});
