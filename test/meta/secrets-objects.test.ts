import { createPrivateKey } from 'node:crypto';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  restorePki,
  selfSignedIdentity,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
  writeFiles,
} from '../../src/index.ts';
import { clientScenarios, runScenario, startFaultServer, startRevocationServer } from '../../src/scenarios/index.ts';
import { keysIn, keysOf } from './secrets.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client('alice');
const selfSigned = await selfSignedIdentity();
const keys = keysOf(pki, identity, client, selfSigned);

/** How a value comes to be seen by accident. */
const views: readonly (readonly [how: string, view: (value: object) => string])[] = [
  ['JSON.stringify', (value) => JSON.stringify(value)],
  ['util.inspect', (value) => inspect(value)],
  ['util.inspect at any depth', (value) => inspect(value, { depth: Infinity })],
  ['util.inspect with what is hidden', (value) => inspect(value, { depth: Infinity, showHidden: true })],
  ['util.inspect without custom texts', (value) => inspect(value, { depth: Infinity, showHidden: true, customInspect: false })],
  ['util.format', (value) => format('%s %o %O %j', value, value, value, value)],
  ['Object.entries', (value) => inspect(Object.entries(value), { depth: Infinity })],
  ['a spread', (value) => JSON.stringify({ ...value }) + inspect({ ...value }, { depth: Infinity })],
  ['structuredClone', (value) => inspect(cloneOf(value), { depth: Infinity, showHidden: true })],
  ['v8.serialize', (value) => serialized(value)],
];

describe.for(views)('%s', ([, view]) => {
  test('shows a key that lies open', () => {
    expect(keysIn(view({ deep: [{ key: client.keyPem }] }), keys)).toContain('alice, as line 1 of the PEM');
  });

  test('shows no key of a PKI, its authorities and identities', async () => {
    const copy = identityFromPem(client.tls);
    const values = [pki, pki.root, pki.issuer, identity, client, selfSigned, copy, client.trusting(pki), restorePki(pki.serialize())];

    for (const value of values) expect(keysIn(view(value), keys)).toEqual([]);
    using files = writeFiles(client);
    expect(keysIn(view(files), keys)).toEqual([]);
  });

  test('shows no key of servers, of what they saw, and of what scenarios made', async () => {
    await using tlsServer = await startTlsServer({ identity });
    await using httpsServer = await startHttpsServer(() => {}, { identity });
    await using http2Server = await startHttp2Server(() => {}, { identity });
    await using revocation = await startRevocationServer(pki);
    await using faulty = await startFaultServer({ kind: 'one-byte-at-a-time' }, { identity });
    const handshake = await attemptHandshake(tlsServer, { identity: client });
    const refused = await attemptHandshake(tlsServer, { identity: selfSigned, trust: pki });
    const seen = await tlsServer.nextHandshake();
    const [scenario] = clientScenarios;
    if (!scenario) throw new Error('there are no scenarios');
    const result = await runScenario(scenario, { pki, target: tlsServer });
    const arranged = scenario.arrange(pki);
    const values = [
      tlsServer,
      httpsServer,
      http2Server,
      revocation,
      faulty,
      handshake,
      refused,
      seen,
      result,
      arranged,
      inspectCertificate(client.certificate),
    ];

    const all = { ...keys, ...keysOf(pki, arranged.identity) };
    for (const value of values) expect(keysIn(view(value), all)).toEqual([]);
  });
});

/** Of Node's own objects: what is not enumerable is shown to those who ask for what is hidden. */
test.for(['JSON.stringify', 'util.inspect', 'util.inspect at any depth', 'Object.entries', 'a spread'])(
  '%s shows no key of the Node servers underneath, nor of their connections',
  async (how) => {
    const [, view] = views.find(([name]) => name === how) ?? [];
    const connection = Promise.withResolvers<object>();
    await using tlsServer = await startTlsServer({ identity, onConnection: (socket) => connection.resolve(socket) });
    await using httpsServer = await startHttpsServer(() => {}, { identity });
    await using http2Server = await startHttp2Server(() => {}, { identity });
    tlsServer.rotate({ identity });
    await attemptHandshake(tlsServer, { identity: client });

    for (const { server } of [tlsServer, httpsServer, http2Server]) expect(keysIn(view?.(server) ?? '', keys)).toEqual([]);
    expect(keysIn(inspect(await connection.promise, { depth: Infinity }), keys)).toEqual([]);
  },
);

test.for<[form: string, write: (d: Buffer) => string | Uint8Array]>([
  ['d of the JWK', (d) => d.toString('base64url')],
  ['d in base64', (d) => d.toString('base64')],
  ['hexadecimal', (d) => d.toString('hex')],
  ['HEXADECIMAL', (d) => d.toString('hex').toUpperCase()],
  ['hexadecimal with blanks', (d) => inspect(d)],
  ['hexadecimal with colons', (d) => d.toString('hex').replaceAll(/..(?!$)/gu, '$&:')],
  ['numbers', (d) => JSON.stringify(d)],
  ['numbers with blanks', (d) => [...d].join(', ')],
  ['a decimal number', (d) => String(BigInt(`0x${d.toString('hex')}`))],
  ['octets', (d) => Buffer.concat([Buffer.from('before'), d, Buffer.from('after')])],
])('the search finds a key as %s', ([form, write]) => {
  const { d = '' } = createPrivateKey(client.keyPem).export({ format: 'jwk' });

  expect(keysIn(write(Buffer.from(d, 'base64url')), keys)).toContain(`alice, as ${form}`);
});

test.for<[what: string, give: () => string]>([
  ['keyPem', () => client.keyPem],
  ['tls', () => client.tls.key],
  ['serverTls', () => JSON.stringify(client.serverTls)],
])('%s hands the key out, for that is what it is for', ([, give]) => {
  expect(keysIn(give(), keys)).toContain('alice, as line 1 of the PEM');
});

test('serialize hands out the keys of the authorities, and no other', () => {
  const found = keysIn(JSON.stringify(pki.serialize()), keys);

  expect(new Set(found.map((text) => text.replace(/,.*$/u, '')))).toEqual(new Set(['the root', 'the issuing CA']));
});

test.for(views)('%s shows no secret of a session, which the key log and the capture of its handshake hold', async ([, view]) => {
  await using server = await startTlsServer({ identity });
  const handshake = await attemptHandshake(server, { identity: client });
  const secrets = [...handshake.keyLog().matchAll(/[\da-f]{64,}$/gmu)].map(([secret]) => secret);

  expect(secrets.length).toBeGreaterThan(3);
  expect(secrets.filter((secret) => (view(handshake) + view(server) + handshake.explain()).includes(secret.slice(0, 32)))).toEqual([]);
});

test('the explanation and the capture of a handshake hold no private key; the capture holds the secrets of its session', async () => {
  await using server = await startTlsServer({ identity });
  const handshake = await attemptHandshake(server, { identity: client });
  const capture = Buffer.from(handshake.toPcapng());

  expect(keysIn(handshake.explain(), keys)).toEqual([]);
  expect(keysIn(capture, keys)).toEqual([]);
  expect(capture.toString('latin1')).toContain('CLIENT_TRAFFIC_SECRET_0');
  expect(
    keysIn(Buffer.concat([capture, Buffer.from(createPrivateKey(client.keyPem).export({ format: 'der', type: 'sec1' }))]), keys),
  ).toEqual(['alice, as octets']);
});

function cloneOf(value: object): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    return (error as Error).message; // a value with functions has no clone
  }
}

function serialized(value: object): string {
  try {
    return serialize(value).toString('latin1');
  } catch (error) {
    return (error as Error).message; // likewise
  }
}
