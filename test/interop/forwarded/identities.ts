import type { ForwardedClientOptions } from '../../../src/forwarded/forwarded-client.ts';
import { createPki, type Identity, type Pki, selfSignedIdentity, type Subject } from '../../../src/index.ts';

/** A client whose certificate a real proxy forwards, to be compared with what this library writes. */
interface ForwardedCase {
  readonly name: string;
  readonly identity: Identity;
  /** What a proxy that trusts {@link ForwardedCases.anchors} finds: true, or OpenSSL's name of the reason. */
  readonly verified: NonNullable<ForwardedClientOptions['verified']>;
}

/** The clients, and what the proxy that they call needs. */
export interface ForwardedCases {
  /** Issues the proxy's own certificate, which has a URI name (Envoy's `By`). */
  readonly pki: Pki;
  /** PEM of what the proxy trusts: two roots. The longest chain has three intermediates below its root. */
  readonly anchors: string;
  /** Nine with `verified: true`, then those that a proxy has to be told to let pass. */
  readonly cases: readonly ForwardedCase[];
}

/** Mints them: twelve clients, each with something that an encoding may get wrong. */
export async function forwardedCases(): Promise<ForwardedCases> {
  const pki = createPki({ name: 'forwarded' });
  const longPki = createPki({ name: 'forwarded, "long"', intermediates: 3 });
  const verified = Object.entries(verifiedIdentities(pki, longPki)).map(([name, identity]) => ({ name, identity, verified: true }));
  return { pki, anchors: pki.anchors + longPki.anchors, cases: [...verified, ...(await unverifiedCases(pki))] };
}

function verifiedIdentities(pki: Pki, longPki: Pki): Readonly<Record<string, Identity>> {
  return {
    'an RSA key, domain components, an e-mail address in the name': pki.client(undefined, {
      subject: ordinary,
      keyAlgorithm: 'rsa-2048',
      serialNumber,
    }),
    'a SPIFFE id and an empty subject': pki.client(undefined, { subject: [], uri: 'spiffe://example.test/web/01' }),
    'EC P-384, a name with every separator': pki.client(undefined, { subject: separators, keyAlgorithm: 'ec-p384' }),
    'Ed25519, a name beyond ASCII': pki.client(undefined, { subject: international, keyAlgorithm: 'ed25519' }),
    'a chain with three intermediates': longPki.client('long chain', { serialNumber: '80000000000000000000000000000001' }),
    'alternative names of every kind': pki.client('web 01', {
      dns: ['web01.example.test', '*.example.test', 'localhost'],
      ip: ['127.0.0.1', '2001:db8::1'],
      uri: ['spiffe://example.test/web/01', 'https://example.test/a?b=c;d,e'],
      email: ['web@example.test', 'ops+web@example.test'],
    }),
    'parts of several values, and several parts of one type': pki.client(undefined, { subject: multiValued }),
    'blanks, number signs and backslashes at the ends of values, and controls': pki.client(undefined, { subject: edges }),
    'attributes that have no usual short name, and a common name within an organization': pki.client(undefined, {
      subject: rare,
      serialNumber: 1,
      notAfter: new Date('2050-01-02T00:00:00Z'), // a GeneralizedTime
    }),
  };
}

async function unverifiedCases(pki: Pki): Promise<readonly ForwardedCase[]> {
  const impostor = createPki({ name: 'forwarded' }); // the names of `pki`, other keys
  const notAfter = new Date(Date.now() - 3_600_000);
  return [
    { name: 'an expired certificate', identity: pki.client('expired', { notAfter }), verified: 'CERT_HAS_EXPIRED' },
    {
      name: 'a certificate that signs itself',
      identity: await selfSignedIdentity({ commonName: 'self-signed, "Ünïcode"', uri: 'spiffe://example.test/web/01' }),
      verified: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
    {
      name: 'a certificate of another CA, all names and the serial number the same',
      identity: impostor.client(undefined, { subject: ordinary, serialNumber }),
      verified: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    },
  ];
}

const serialNumber = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const ordinary: Subject = [
  { type: 'domainComponent', value: 'test' },
  { type: 'domainComponent', value: 'example' },
  { type: 'organization', value: 'Example' },
  { type: 'commonName', value: 'web 01' },
  { type: 'emailAddress', value: 'web@example.test' },
];
const separators: Subject = [
  { type: 'country', value: 'FR' },
  { type: 'state', value: 'a<b>c' },
  { type: 'organization', value: 'Exämple, "Org"; x=1+y' },
  { type: 'organizationalUnit', value: String.raw`back\slash, 100% & 'quoted' #` },
  { type: 'commonName', value: 'a";URI=spiffe://example.test/admin;Hash="b' },
];
const international: Subject = [
  { type: 'organization', value: 'Exämple Łódź' },
  { type: 'organizationalUnit', value: '日本語' },
  { type: 'commonName', value: 'Zoë 🔑 e\u0301' },
];
const multiValued: Subject = [
  { type: 'country', value: 'FR' },
  { type: 'organizationalUnit', value: 'A' },
  { type: 'organizationalUnit', value: 'B' },
  [
    { type: 'organizationalUnit', value: 'C' },
    { type: 'commonName', value: 'web 01' },
    { type: 'userId', value: 'w+1' },
  ],
  { type: 'commonName', value: 'second' },
];
const edges: Subject = [
  { type: 'organization', value: '  two blanks  ' },
  { type: 'organizationalUnit', value: '#hash ' },
  { type: 'organizationalUnit', value: ' ' },
  { type: 'locality', value: '#' },
  { type: 'title', value: 'a\r\nX-SSL-Client-Verify: b\tc\u007f%00' },
  { type: 'commonName', value: ' ends with a backslash \\' },
];
const rare: Subject = [
  { type: 'organization', value: 'a/CN=admin' },
  { type: 'street', value: '1 Main Street' },
  { type: 'postalCode', value: '75001' },
  { type: 'title', value: 'Dr' },
  { type: 'givenName', value: 'Ada' },
  { type: 'surname', value: 'Lovelace' },
  { type: 'serialNumber', value: '42' },
  { type: '1.3.6.1.4.1.99999.1', value: 'private, of no registry' },
  { type: '2.5.4.97', value: 'PSDFR-ACPR-12345' },
  { type: 'commonName', value: 'web' },
];
