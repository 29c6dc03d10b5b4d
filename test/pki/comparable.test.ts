import assert from 'node:assert';
import { describe, expect, test } from 'vitest';
import { startFaultServer } from '../../src/faults/server/start-fault-server.ts';
import { startTlsServer } from '../../src/handshake/server/start-server.ts';
import { attemptHandshake } from '../../src/handshake/attempt/attempt-handshake.ts';
import { identityFromPem } from '../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../src/pki/pki.ts';
import { restorePki } from '../../src/pki/formats/restore-pki.ts';
import { startRevocationServer } from '../../src/revocation/start-revocation-server.ts';

const pki = createPki();
const alice = pki.client('alice');

/** As assertion libraries copy what they are about to print. */
const copies: readonly (readonly [string, (it: object) => object])[] = [
  ['values', (it) => copyOf(it, (key, { enumerable }) => ({ value: Reflect.get(it, key), enumerable: enumerable === true }))],
  ['descriptors', (it) => copyOf(it, (_key, descriptor) => descriptor)],
];

function copyOf(it: object, property: (key: string | symbol, descriptor: PropertyDescriptor) => PropertyDescriptor): object {
  const copy: object = Object.create(Reflect.getPrototypeOf(it));
  for (const key of Reflect.ownKeys(it)) Object.defineProperty(copy, key, property(key, Reflect.getOwnPropertyDescriptor(it, key) ?? {}));
  return copy;
}

describe.for(copies)('a copy by prototype and %s', ([, copy]) => {
  const gettersOf = (it: object): readonly string[] =>
    Object.entries(Object.getOwnPropertyDescriptors(Reflect.getPrototypeOf(it)))
      .filter(([, descriptor]) => descriptor.get !== undefined)
      .map(([name]) => name);

  test('has what the original has', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    await using faults = await startFaultServer({ kind: 'banner', text: 'hello' });
    await using revocation = await startRevocationServer(pki);
    const handshake = await attemptHandshake(server, { identity: alice });

    for (const it of [alice, pki.issuer, pki, server, faults, revocation, handshake]) {
      const copied = copy(it);
      const names = gettersOf(it);

      expect(names).not.toEqual([]);
      expect(copied).not.toBe(it);
      expect(names.map((name) => Reflect.get(copied, name))).toEqual(names.map((name) => Reflect.get(it, name)));
      expect(JSON.stringify(copied)).toBe(JSON.stringify(it));
    }
  });
});

describe('equality', () => {
  test('of identities is that of their certificates', () => {
    const again = identityFromPem({ cert: alice.chainPem, key: alice.keyPem });

    expect(alice).toEqual(again);
    assert.deepStrictEqual(alice, again);
    expect(alice).not.toEqual(pki.client('alice'));
    assert.notDeepStrictEqual(alice, pki.client('alice'));
  });

  test('of PKIs and authorities is that of their certificates', () => {
    const again = restorePki(pki.serialize());

    expect(pki).toEqual(again);
    expect(pki.issuer).toEqual(again.issuer);
    expect(pki).not.toEqual(createPki({ name: pki.name }));
    expect(pki.issuer).not.toEqual(createPki({ name: pki.name }).issuer);
  });

  test('of handshakes includes the certificates', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const [one, other] = [
      await attemptHandshake(server, { identity: alice }),
      await attemptHandshake(server, { identity: pki.client('bob') }),
    ];
    const { durationMs } = one;

    expect({ ...one }).toEqual({ ...one });
    expect({ ...other, durationMs, clientCertificate: one.clientCertificate }).toEqual({ ...one });
    expect({ ...other, durationMs }).not.toEqual({ ...one });
  });
});

test('what is enumerated of a handshake are its facts, and no bytes', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, { identity: alice });

  expect(Object.keys(handshake).toSorted()).toEqual([
    'cipher',
    'clientAuthenticated',
    'clientCertificate',
    'durationMs',
    'evidence',
    'group',
    'protocol',
    'resumed',
    'serverCertificate',
    'servername',
    'verdict',
  ]);
});
