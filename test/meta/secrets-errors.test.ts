import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  MtlsFixturesError,
  observe,
  restorePki,
  selfSignedIdentity,
  startTlsServer,
} from '../../src/index.ts';
import { runScenario } from '../../src/scenarios/index.ts';
import { keysIn, keysOf } from './secrets.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client('alice');
const keys = keysOf(pki, identity, client);
const key = client.keyPem;
const serialized = pki.serialize();
const misplaced = key as never; // each call below is given a key where none belongs

/** Calls that fail, most of them because the key is in the wrong place. */
const mistakes: readonly (readonly [what: string, call: () => unknown])[] = [
  ['the certificate and the key swapped', () => identityFromPem({ cert: key, key: client.certificatePem })],
  ['the key of another certificate', () => identityFromPem({ cert: identity.certificatePem, key })],
  ['a key that is cut off', () => identityFromPem({ cert: client.certificatePem, key: key.slice(0, -40) })],
  [
    'a key that is cut off, without its lines',
    () => identityFromPem({ cert: client.certificatePem, key: key.replaceAll('\n', '').slice(0, -40) }),
  ],
  ['a key as trust anchor', () => identityFromPem({ ...client.tls, ca: key })],
  ['a key to be inspected', () => inspectCertificate(key)],
  ['a key as anchors', () => client.trusting(key)],
  ['a key as name of a PKI', () => createPki({ keyAlgorithm: misplaced })],
  ['a key as permitted name', () => createPki({ permitted: [key] })],
  ['a key as host name', () => pki.server({ dns: key })],
  ['a key as one of the options', () => pki.server({ [key]: true })],
  ['a key as address', () => pki.server({ ip: key })],
  ['a key as URI', () => pki.server({ uri: key })],
  ['a key as mailbox', () => pki.client('a', { email: key })],
  ['a key as serial number', () => pki.client('a', { serialNumber: key })],
  ['a key as date', () => pki.client('a', { notAfter: misplaced })],
  ['a key that is none', () => pki.client('a', { key: key.replace('PRIVATE KEY', 'PUBLIC KEY') })],
  ['a key as extension', () => pki.client('a', { extensions: [misplaced] })],
  ['a key to revoke', () => pki.issuer.revoke(key)],
  ['a key as reason to revoke', () => pki.issuer.revoke(client, misplaced)],
  ['a PKI of another version', () => restorePki({ ...serialized, version: JSON.stringify(serialized) as never })],
  ['a PKI without names', () => restorePki({ ...serialized, name: '' })],
  [
    'a PKI with a key where its certificate was',
    () =>
      restorePki({ ...serialized, authorities: serialized.authorities.map((authority) => ({ ...authority, certificate: authority.key })) }),
  ],
  [
    'a PKI with the keys of others',
    () => restorePki({ ...serialized, authorities: serialized.authorities.map((authority) => ({ ...authority, key })) }),
  ],
  [
    'a PKI with broken keys',
    () =>
      restorePki({
        ...serialized,
        authorities: serialized.authorities.map((authority) => Object.assign({}, authority, { key: authority.key.slice(0, 150) })),
      }),
  ],
  ['a key as password', () => selfSignedIdentity({ commonName: misplaced, keyAlgorithm: misplaced })],
  ['the parts of a server, to be observed', () => observe(client.serverTls as never)],
  ['a key as identity', () => startTlsServer({ identity: misplaced })],
  ['TLS options in place of an identity', () => startTlsServer({ identity, ...client.tls })],
  ['a key as host of a server', () => startTlsServer({ identity, host: key })],
  ['a key as trust of a server', () => startTlsServer({ identity, trust: key })],
  ['a key as CRL of a server', () => startTlsServer({ identity, crl: key })],
  ['a key as TLS version', () => startTlsServer({ identity, minVersion: misplaced })],
  ['a key as ciphers', () => startTlsServer({ identity, ciphers: key })],
  ['a key as host to call', () => attemptHandshake({ host: key, port: 1 }, { identity: client })],
  ['nothing listens', () => attemptHandshake({ host: '127.0.0.1', port: 1 }, { identity: client })],
  ['a key as trust of a client', () => attemptHandshake({ host: '127.0.0.1', port: 1 }, { trust: key })],
  ['a key as target', () => attemptHandshake(misplaced, { identity: client })],
  ['a key as scenario', () => runScenario({ role: 'client', id: key } as never, { pki, target: misplaced })],
];

test.for(mistakes)('an error does not repeat the key: %s', async ([, call]) => {
  const error = await errorOf(call);

  expect(keysIn(textOf(error), keys)).toEqual([]);
});

test('of these errors most are about the misplaced key, and say that it was one', async () => {
  const errors = await Promise.all(mistakes.map(([, call]) => errorOf(call)));

  expect(errors.filter((error) => error instanceof MtlsFixturesError).length).toBeGreaterThan(30);
  expect(errors.filter((error) => String(error).includes('(a private key)')).length).toBeGreaterThan(8);
});

test.for<[how: string, text: string, told: string]>([
  ['whole', `before ${key} after`, 'before (a private key)\n after'],
  ['cut off', `before ${key.slice(0, 90)}`, 'before (a private key)'],
  ['of another kind', `before ${key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')}`, 'before (a private key)\n'],
  ['in JSON', JSON.stringify({ key, more: 1 }), String.raw`{"key":"(a private key)\n","more":1}`],
  ['twice', `${key}${key}`, '(a private key)\n(a private key)\n'],
  ['its first line alone', '"-----BEGIN PRIVATE KEY-----": it is no key', '"-----BEGIN PRIVATE KEY-----": it is no key'],
  [
    'with headers',
    key.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n'),
    '(a private key)\n',
  ],
  ['a certificate', client.certificatePem, client.certificatePem],
])('an error says (a private key) in place of one in its facts: %s', ([, text, told]) => {
  const { message, facts } = new MtlsFixturesError('KEY_ALGORITHM_UNKNOWN', { algorithm: text, known: ['ec-p256', text] });

  expect(facts).toEqual({ algorithm: told, known: ['ec-p256', told] });
  expect(message).toContain(`"${told}"`);
});

test('an error keeps its cause, unless that repeats a key', () => {
  const facts = { value: 'a' };

  expect(new MtlsFixturesError('SERIAL_NUMBER_INVALID', facts, { cause: new Error('why') }).cause).toEqual(new Error('why'));
  expect(new MtlsFixturesError('SERIAL_NUMBER_INVALID', facts, { cause: new Error(`why ${key}`) })).not.toHaveProperty('cause');
});

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}

function textOf(error: unknown): string {
  const { message, stack } = Object(error) as Error; // whatever was thrown
  return [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), message, stack, String(error)].join('\n');
}
