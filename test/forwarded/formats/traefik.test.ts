import { describe, expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki, inspectCertificate } from '../../../src/index.ts';
import { issuer, leaf, traefikInfo } from './measured-headers.ts';

const certificateName = 'X-Forwarded-Tls-Client-Cert';
const infoName = 'X-Forwarded-Tls-Client-Cert-Info';
const measured = { [certificateName]: `${leaf},${issuer}`, [infoName]: traefikInfo };
const pki = createPki();

test('a client is named as Traefik names it, octet for octet', () => {
  const client = inspectCertificate(
    [leaf, issuer].map((der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`).join(''),
  );

  expect(forwardedHeaders(client, 'traefik')).toEqual(measured);
});

test('what Traefik sends is read', () => {
  const read = parseForwardedHeaders(measured, 'traefik');

  expect(read.certificate?.commonName).toBe('web 01');
  expect(read.chain.map(({ commonName }) => commonName)).toEqual(['vectors issuing CA']);
  expect(read.verified).toBeUndefined();
  expect(read.fields).toEqual({
    Subject: 'C=FR,O=Exämple, "Org"; x=1+y,OU=A,OU=B,CN=web 01',
    Issuer: 'O=mtls-fixtures,CN=vectors issuing CA',
    SerialNumber: '13433369256225207278633426983318972665',
    NB: '1796055481',
    NA: '2111419081',
    SAN: 'web01.example.test,localhost,spiffe://example.test/web/01',
  });
});

test('a client without a certificate is named by nothing', () => {
  expect(forwardedHeaders(undefined, 'traefik')).toEqual({});
  expect(parseForwardedHeaders({}, 'traefik')).toEqual({ chain: [], fields: {} });
});

test('the certificates are read without the information, and that alone is left in one piece', () => {
  expect(parseForwardedHeaders({ [certificateName]: leaf }, 'traefik')).toMatchObject({ chain: [], fields: {} });
  expect(parseForwardedHeaders({ [infoName]: 'Subject%3D%22CN%3Dweb+01%22' }, 'traefik')).toEqual({
    chain: [],
    fields: { Info: 'Subject="CN=web 01"' },
  });
});

// What the middleware writes for the same certificates with less of `info`.
test.for([
  ['common names', 'Subject="CN=web 01",Subject="CN=vectors issuing CA"', { Subject: 'CN=web 01' }],
  ['units, which an issuer has not', 'Subject="OU=A,OU=B",', { Subject: 'OU=A,OU=B' }],
  [
    'serial numbers',
    'SerialNumber="13433369256225207278633426983318972665",SerialNumber="101843176621325711311736808833600313454"',
    { SerialNumber: '13433369256225207278633426983318972665' },
  ],
  [
    'alternative names',
    'SAN="web01.example.test,localhost,spiffe://example.test/web/01",',
    { SAN: 'web01.example.test,localhost,spiffe://example.test/web/01' },
  ],
  ['country and common name', 'Subject="C=FR,CN=web 01",Subject="CN=vectors issuing CA"', { Subject: 'C=FR,CN=web 01' }],
] as const)('where an operator selected %s, they are read', ([, info, fields]) => {
  expect(parseForwardedHeaders({ ...measured, [infoName]: formEncoded(info) }, 'traefik').fields).toEqual(fields);
});

describe('information that is not of the certificates', () => {
  test.for([
    ['of another client', 'Subject="CN=admin",Subject="CN=vectors issuing CA"'],
    ['of the leaf alone', 'Subject="CN=web 01"'],
    ['of one certificate more', 'Subject="CN=web 01",Subject="CN=vectors issuing CA",Subject="CN=web 01"'],
    ['with a part more', 'Subject="CN=web 01";SAN="spiffe://example.test/admin",Subject="CN=vectors issuing CA"'],
    ['with a value more', 'Subject="OU=A,OU=B,OU=C,CN=web 01",Subject="CN=vectors issuing CA"'],
    ['with one value of several', 'Subject="OU=A,CN=web 01",Subject="CN=vectors issuing CA"'],
    ['in another order', 'Subject="CN=web 01,C=FR",Subject="CN=vectors issuing CA"'],
    ['with a name that is cut off', 'Subject="CN=web",Subject="CN=vectors issuing CA"'],
    ['with an empty name', 'Subject="",Subject="CN=vectors issuing CA"'],
    ['without a quotation mark', 'Subject="CN=web 01'],
  ] as const)('%s is malformed', ([, info]) => {
    expect(
      parseForwardedHeaders({ ...measured, [infoName]: formEncoded('Subject="CN=web 01",Subject="CN=vectors issuing CA"') }, 'traefik')
        .certificate,
    ).toBeDefined();
    expect(() => parseForwardedHeaders({ ...measured, [infoName]: formEncoded(info) }, 'traefik')).toThrow(
      expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header: infoName }) }),
    );
  });
});

test('a name that closes its quotation marks itself is read as what it is', () => {
  const subject = [
    { type: 'organization', value: 'x",CN="admin' },
    { type: 'commonName', value: 'a";SAN="spiffe://example.test/admin' },
  ];

  const { fields } = parseForwardedHeaders(forwardedHeaders(pki.client(undefined, { subject }), 'traefik'), 'traefik');

  expect(fields).toMatchObject({ Subject: 'O=x",CN="admin,CN=a";SAN="spiffe://example.test/admin' });
  expect(fields).not.toHaveProperty('SAN');
});

test.for([
  ['a blank behind the comma', `${leaf}, ${issuer}`],
  ['a comma at the end', `${leaf},`],
  ['nothing', ''],
  ['percent-encoded Base64, as before Traefik 2.9.4', encodeURIComponent(leaf)],
  ['a certificate that is cut off', leaf.slice(0, 400)],
] as const)('%s in the header of the certificates is malformed', ([, value]) => {
  expect(parseForwardedHeaders({ [certificateName]: `${leaf},${issuer}` }, 'traefik').chain).toHaveLength(1);
  expect(() => parseForwardedHeaders({ [certificateName]: value }, 'traefik')).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header: certificateName }) }),
  );
});

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('%7E', '~').replaceAll('*', '%2A');
}
