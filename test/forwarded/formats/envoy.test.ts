import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki, inspectCertificate } from '../../../src/index.ts';
import { envoyHeader, issuer, leaf } from './measured-headers.ts';

const header = 'x-forwarded-client-cert';
const pki = createPki();

test('a client is named as Envoy names it, octet for octet', () => {
  const client = inspectCertificate(
    [leaf, issuer].map((der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`).join(''),
  );

  expect(forwardedHeaders(client, 'envoy', { by: 'spiffe://example.test/gw' })).toEqual({ [header]: envoyHeader });
  expect(forwardedHeaders(client, 'envoy', { chain: false })[header]).toBe(
    envoyHeader.replace(/^By=[^;]*;/u, '').replace(/;Chain="[^"]*"/u, ''),
  );
});

test('what Envoy sends is read: the certificate with its chain, and the rest by its keys', () => {
  const { certificate, chain, verified, fields } = parseForwardedHeaders({ [header]: envoyHeader }, 'envoy');

  expect(certificate).toMatchObject({ commonName: 'web 01', serialNumber: '0A1B2C3D4E5F60718293A4B5C6D7E8F9' });
  expect(chain.map(({ commonName }) => commonName)).toEqual(['vectors issuing CA']);
  expect(verified).toBeUndefined();
  expect(fields).toEqual({
    By: ['spiffe://example.test/gw'],
    Hash: createHash('sha256').update(Buffer.from(leaf, 'base64')).digest('hex'),
    Subject: String.raw`CN=web 01,OU=B,OU=A,O=Ex\C3\A4mple\, \"Org\"\; x=1\+y,C=FR`,
    URI: ['spiffe://example.test/web/01'],
    DNS: ['web01.example.test', 'localhost'],
  });
});

test('a client without a certificate is named by nothing', () => {
  expect(forwardedHeaders(undefined, 'envoy', { by: 'spiffe://example.test/gw' })).toEqual({});
  expect(parseForwardedHeaders({}, 'envoy')).toEqual({ chain: [], fields: {} });
});

test('a header without the certificate is read, and names none', () => {
  const text = `Hash=${'ab'.repeat(32)};Subject="CN=web";URI=spiffe://example.test/web`;

  expect(parseForwardedHeaders({ [header]: text }, 'envoy')).toEqual({
    chain: [],
    fields: { Hash: 'ab'.repeat(32), Subject: 'CN=web', URI: ['spiffe://example.test/web'] },
  });
});

test('the leaf is the first certificate of Chain, with and without Cert', () => {
  const text = envoyHeader.replace(/;Cert="[^"]*"/u, '');

  expect(parseForwardedHeaders({ [header]: text }, 'envoy').certificate?.commonName).toBe('web 01');
});

describe('what contradicts the certificate', () => {
  const alice = pki.client('alice', { uri: 'spiffe://example.test/alice', dns: 'alice.example.test' });
  const mallory = forwardedHeaders(pki.client('mallory'), 'envoy')[header] ?? '';
  const right = forwardedHeaders(alice, 'envoy')[header] ?? '';
  const valueIn = (text: string, key: string): string => new RegExp(`${key}=("[^"]*"|[^;]*)`, 'u').exec(text)?.[1] ?? '';
  const swapped = (key: string): string => right.replace(`${key}=${valueIn(right, key)}`, `${key}=${valueIn(mallory, key)}`);

  test.for([
    ['the hash of another', swapped('Hash'), "its Hash is not the certificate's"],
    [
      'the hash in capital letters',
      right.replace(valueIn(right, 'Hash'), (hash) => hash.toUpperCase()),
      "its Hash is not the certificate's",
    ],
    ['the certificate of another', swapped('Cert'), 'Chain does not begin with Cert'],
    ['the chain of another', swapped('Chain'), 'Chain does not begin with Cert'],
    ['the subject of another', swapped('Subject'), "its Subject is not the certificate's"],
    ['another URI name', swapped('URI'), "its URI is not the certificate's"],
    ['one more URI name', `${right};URI=spiffe://example.test/admin`, "its URI is not the certificate's"],
    ['another DNS name', right.replace('DNS=alice', 'DNS=admin'), "its DNS is not the certificate's"],
    ['another issuer', `${right};Issuer="CN=other"`, "its Issuer is not the certificate's"],
    ['the certificate alone, of another', swapped('Cert').replace(/;Chain="[^"]*"/u, ''), "its Hash is not the certificate's"],
    ['a certificate that is encoded twice', right.replaceAll('%', '%25'), 'it does not begin with BEGIN CERTIFICATE'],
    ['a certificate with blanks as plus signs', right.replaceAll('%20', '+'), 'it is not percent-encoded PEM'],
    [
      'two certificates in Cert',
      right
        .replace('Cert=', 'Key=')
        .replace('Chain=', 'Cert=')
        .replace(/Key=[^;]*;/u, ''),
      'it holds 2 certificates',
    ],
  ] as const)('%s is malformed', ([, text, problem]) => {
    expect(parseForwardedHeaders({ [header]: right }, 'envoy').certificate?.spiffeId).toBe('spiffe://example.test/alice');
    expect(() => parseForwardedHeaders({ [header]: text }, 'envoy')).toThrow(
      expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header, problem: expect.stringContaining(problem) } }),
    );
  });
});

describe('several elements', () => {
  const [first = '', second = '', third = ''] = ['edge', 'middle', 'near'].map(
    (name) => forwardedHeaders(pki.client(name), 'envoy')[header],
  );
  const all = [first, second, third].join(',');

  test('are malformed where the application does not say how many proxies it trusts', () => {
    expect(parseForwardedHeaders({ [header]: first }, 'envoy').certificate?.commonName).toBe('edge');
    expect(() => parseForwardedHeaders({ [header]: all }, 'envoy')).toThrow(
      expect.objectContaining({ facts: { header, problem: expect.stringContaining('it has 3 elements') } }),
    );
  });

  test.for([
    [1, 'near'],
    [2, 'middle'],
    [3, 'edge'],
  ] as const)('with %i trusted proxies the client of the outermost is read', ([hops, name]) => {
    expect(parseForwardedHeaders({ [header]: all }, 'envoy', { hops }).certificate?.commonName).toBe(name);
  });

  test('have to be as many as the trusted proxies', () => {
    expect(() => parseForwardedHeaders({ [header]: all }, 'envoy', { hops: 4 })).toThrow(
      expect.objectContaining({ facts: { header, problem: 'it has 3 elements and not 4' } }),
    );
  });

  test('are malformed where a comma in a URI name made two of one, also with one trusted proxy', () => {
    const admin = forwardedHeaders(pki.client('admin', { uri: 'spiffe://example.test/admin' }), 'envoy', { chain: false })[header] ?? '';
    const names = { uri: 'spiffe://example.test/a', dns: 'a.test' };
    const [honest, forging] = [names, { ...names, uri: `spiffe://example.test/a,${admin.replaceAll(' ', '')}` }].map(
      (options) => forwardedHeaders(pki.client('mallory', options), 'envoy')[header] ?? '',
    );
    const problem = expect.stringContaining("its URI is not the certificate's");

    expect(parseForwardedHeaders({ [header]: honest }, 'envoy', { hops: 1 }).certificate?.commonName).toBe('mallory');
    expect(() => parseForwardedHeaders({ [header]: forging?.replace(/;DNS=a.test$/u, '') }, 'envoy', { hops: 1 })).toThrow(
      expect.objectContaining({ facts: { header, problem } }),
    );
  });

  test('two lines are malformed, whatever is trusted', () => {
    expect(() => parseForwardedHeaders([header, first, header, second], 'envoy', { hops: 1 })).toThrow(
      expect.objectContaining({ facts: { header, problem: 'it came twice' } }),
    );
  });
});

test.for([0, -1, 1.5, Number.NaN, '1', 101])('%s is not a number of hops', (hops) => {
  // @ts-expect-error -- from JavaScript
  expect(() => parseForwardedHeaders({}, 'envoy', { hops })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
