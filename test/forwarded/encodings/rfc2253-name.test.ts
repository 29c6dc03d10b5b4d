import { expect, test } from 'vitest';
import { certificateOctets } from '../../../src/forwarded/encodings/certificate-octets.ts';
import { rfc2253Name } from '../../../src/forwarded/encodings/rfc2253-name.ts';
import { slashName } from '../../../src/forwarded/encodings/slash-name.ts';
import { createPki, type NamePart } from '../../../src/index.ts';

const pki = createPki();

/** What OpenSSL 3.0 printed with `-nameopt RFC2253`, and HAProxy 2.6 as `ssl_c_s_dn`, for these subjects. */
test.for<[parts: readonly (NamePart | readonly NamePart[])[], rfc2253: string, slash: string]>([
  [[], '', ''],
  [
    [
      { type: 'domainComponent', value: 'test' },
      { type: 'commonName', value: 'web 01' },
      { type: 'emailAddress', value: 'web@example.test' },
    ],
    'emailAddress=web@example.test,CN=web 01,DC=test',
    '/DC=test/CN=web 01/emailAddress=web@example.test',
  ],
  [
    [
      { type: 'O', value: 'a<b>c' },
      [
        { type: 'OU', value: 'C' },
        { type: 'CN', value: 'web 01' },
        { type: 'userId', value: 'w+1' },
      ],
    ],
    String.raw`UID=w\+1+CN=web 01+OU=C,O=a\<b\>c`,
    '/O=a<b>c/OU=C/CN=web 01/UID=w+1',
  ],
  [
    [
      { type: 'O', value: '  two blanks  ' },
      { type: 'OU', value: '#hash ' },
      { type: 'L', value: '#' },
      { type: 'CN', value: ' ' },
    ],
    String.raw`CN=\ ,L=#,OU=\#hash\ ,O=\  two blanks \ `,
    '/O=  two blanks  /OU=#hash /L=#/CN= ',
  ],
  [
    [
      { type: 'O', value: 'a/CN=admin' },
      { type: '1.3.6.1.4.1.99999.1', value: 'private' },
      { type: '2.5.4.97', value: 'PSD' },
      { type: 'CN', value: 'web' },
    ],
    'CN=web,organizationIdentifier=PSD,1.3.6.1.4.1.99999.1=#0C0770726976617465,O=a/CN=admin',
    '/O=a/CN=admin/1.3.6.1.4.1.99999.1=private/organizationIdentifier=PSD/CN=web',
  ],
  [[{ type: 'CN', value: 'Zoë\n🔑' }], String.raw`CN=Zo\C3\AB\0A\F0\9F\94\91`, '/CN=Zo\xc3\xab\n\xf0\x9f\x94\x91'],
])('a name of %o is written as OpenSSL and HAProxy do', ([subject, rfc2253, slash]) => {
  const name = certificateOctets(pki.client(undefined, { subject, uri: 'spiffe://example.test/web' }).certificate.raw).subject;

  expect(rfc2253Name(name, { beyondAscii: 'escaped' })).toBe(rfc2253);
  expect(slashName(name)).toBe(slash);
});

test('octets beyond ASCII are left as they are for Apache, and controls are not', () => {
  const { subject } = certificateOctets(pki.client('Zoë\n').certificate.raw);

  expect(rfc2253Name(subject, { beyondAscii: 'raw' })).toBe('CN=Zo\xc3\xab\\0A');
});

/** What Envoy 1.40 sent as `Subject` for these. */
test.for([
  [{ type: 'CN', value: '#' }, 'CN=#', String.raw`CN=\#`],
  [{ type: '2.5.4.97', value: 'x' }, 'organizationIdentifier=x', '2.5.4.97=#0C0178'],
  [{ type: '1.3.6.1.4.1.311.60.2.1.3', value: 'x' }, 'jurisdictionC=x', '1.3.6.1.4.1.311.60.2.1.3=#0C0178'],
  [{ type: '2.5.4.65', value: 'x' }, 'pseudonym=x', 'pseudonym=x'],
  [{ type: 'CN', value: '#a' }, String.raw`CN=\#a`, String.raw`CN=\#a`],
] as const)('BoringSSL writes %o in its own way', ([part, openssl, boringSsl]) => {
  const { subject } = certificateOctets(pki.client(undefined, { subject: [part] }).certificate.raw);

  expect(rfc2253Name(subject, { beyondAscii: 'escaped' })).toBe(openssl);
  expect(rfc2253Name(subject, { beyondAscii: 'escaped', library: 'BoringSSL' })).toBe(boringSsl);
});
