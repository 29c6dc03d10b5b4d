import { verify, type X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Revocation } from '../../../src/pki/revocation/revocation-register.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { tbsFields, readRevocationLists } from '../../x509/read-parts.ts';

const hour = 3_600_000;
const day = 24 * hour;
const serialOf = (certificate: X509Certificate) => BigInt(`0x${certificate.serialNumber}`);
const only = (pem: string) => {
  const [list, ...more] = readRevocationLists(pem);
  if (!list || more.length > 0) throw new Error('not exactly one CRL');
  return list;
};

describe('a CRL', () => {
  test.for(['root', 'issuer'] as const)('of the %s names and is signed by it', (which) => {
    const authority = createPki()[which];

    const list = only(authority.crl());
    const [, number] = list.extensions;

    expect(list.version).toBe(1n);
    expect(list.issuer).toEqual(tbsFields(authority.certificate.raw)[5]?.bytes);
    expect(verify('sha256', list.signed, authority.certificate.publicKey, list.signature)).toBe(true);
    expect(list.extensions.map(({ oid }) => oid)).toEqual(['2.5.29.35', '2.5.29.20']);
    expect(number?.value.integer).toBe(1n);
  });

  test('is empty until something is revoked', () => {
    const { issuer, client } = withClient();

    expect(only(issuer.crl()).revoked).toEqual([]);
    issuer.revoke(client);
    expect(only(issuer.crl()).revoked).toHaveLength(1);
  });

  test('counts now: from an hour ago, for a day', () => {
    const { thisUpdate, nextUpdate } = only(createPki().issuer.crl());

    expect(thisUpdate.getTime() - Date.now()).toBeCloseTo(-hour, -5);
    expect(nextUpdate.getTime() - thisUpdate.getTime()).toBe(day);
  });

  test('is stale where it is asked to be', () => {
    const { thisUpdate, nextUpdate } = only(createPki().issuer.crl({ nextUpdate: new Date('2020-01-02T00:00:00Z') }));

    expect([thisUpdate, nextUpdate]).toEqual([new Date('2020-01-01T00:00:00Z'), new Date('2020-01-02T00:00:00Z')]);
  });

  test('has the dates that are given, even in the future', () => {
    const given = { thisUpdate: new Date('2049-12-31T00:00:00Z'), nextUpdate: new Date('2050-01-01T00:00:00Z') };

    expect(only(createPki().issuer.crl(given))).toMatchObject(given);
  });

  test('has a number that increases, or the one that is given, from which the next goes on', () => {
    const { issuer } = createPki();
    const numbers = [issuer.crl(), issuer.crl(), issuer.crl({ number: 1000 }), issuer.crl()].map(
      (pem) => only(pem).extensions[1]?.value.integer,
    );

    expect(numbers).toEqual([1n, 2n, 1000n, 1001n]);
    expect(issuer.lastCrlNumber).toBe(1001);
  });

  test.for<readonly [string, object, string, object]>([
    ['an unknown option', { nextupdate: new Date() }, 'OPTION_INVALID', { option: 'CRL option', value: 'nextupdate' }],
    ['no date', { nextUpdate: '2026-01-01' }, 'OPTION_INVALID', { option: 'nextUpdate', value: '2026-01-01' }],
    ['an invalid date', { thisUpdate: new Date(Number.NaN) }, 'OPTION_INVALID', { option: 'thisUpdate', value: 'Invalid Date' }],
    [
      'an end before its beginning',
      { thisUpdate: new Date(86_400_000), nextUpdate: new Date(0) },
      'DATE_ORDER',
      { notAfter: '1970-01-01T00:00:00.000Z' },
    ],
    ['a negative number', { number: -1 }, 'OPTION_INVALID', { option: 'number', value: '-1' }],
    ['a fractional number', { number: 1.5 }, 'OPTION_INVALID', { option: 'number', value: '1.5' }],
  ])('with %s is refused, and takes no number', ([, options, code, facts]) => {
    const { issuer } = createPki();

    expect(() => issuer.crl(options)).toThrow(expect.objectContaining({ code, facts: expect.objectContaining(facts) }));
    expect(only(issuer.crl()).extensions[1]?.value.integer).toBe(1n);
  });
});

describe('revoke', () => {
  test('lists the identity without a reason, dated now', () => {
    const { issuer, client } = withClient();

    issuer.revoke(client);
    const [entry] = only(issuer.crl()).revoked;

    expect(entry).toEqual({ serialNumber: serialOf(client.certificate), date: expect.any(Date), reason: undefined });
    expect((entry?.date.getTime() ?? 0) - Date.now()).toBeCloseTo(0, -5);
  });

  test.for<readonly [string, Revocation | Revocation['reason'], number | undefined]>([
    ['a word', 'keyCompromise', 1],
    ['an option', { reason: 'superseded' }, 4],
    ['neither', {}, undefined],
    ['the word for none', 'unspecified', undefined],
  ])('takes the reason as %s', ([, reason, code]) => {
    const { issuer, client } = withClient();

    issuer.revoke(client, reason);

    expect(only(issuer.crl()).revoked.map((entry) => entry.reason)).toEqual([code]);
  });

  test('takes a date, whole seconds of which are written', () => {
    const { issuer, client } = withClient();

    issuer.revoke(client, { date: new Date('2026-02-03T04:05:06.789Z') });

    expect(only(issuer.crl()).revoked[0]?.date).toEqual(new Date('2026-02-03T04:05:06Z'));
  });

  test('takes serial numbers too, as bigint or hexadecimal', () => {
    const { issuer } = createPki();

    issuer.revoke(5n);
    issuer.revoke('00:AB:cd', 'superseded');

    expect(only(issuer.crl()).revoked.map(({ serialNumber }) => serialNumber)).toEqual([5n, 0xabcdn]);
    expect(issuer.revoked.map(({ serialNumber, reason }) => [serialNumber, reason])).toEqual([
      [5n, 'unspecified'],
      [0xabcdn, 'superseded'],
    ]);
  });

  test('replaces what it said of a certificate before', () => {
    const { issuer, client } = withClient();

    issuer.revoke(client, 'certificateHold');
    issuer.revoke(7n);
    issuer.revoke(client, 'keyCompromise');

    expect(only(issuer.crl()).revoked.map(({ serialNumber, reason }) => [serialNumber, reason])).toEqual([
      [serialOf(client.certificate), 1],
      [7n, undefined],
    ]);
  });

  test('by the root takes an intermediate, and by no other authority', () => {
    const pki = createPki({ name: 'two', intermediates: 2 });
    const [lower, upper] = [pki.issuer, pki.issuer.parent ?? pki.root];

    upper.revoke(lower, 'cACompromise');
    pki.root.revoke(upper);

    expect(only(upper.crl()).revoked).toMatchObject([{ serialNumber: serialOf(lower.certificate), reason: 2 }]);
    expect(only(pki.root.crl()).revoked).toMatchObject([{ serialNumber: serialOf(upper.certificate) }]);
    expect(() => {
      pki.root.revoke(lower);
    }).toThrow(
      expect.objectContaining({
        code: 'NOT_THE_ISSUER',
        facts: { subject: 'two issuing CA 2', issuer: 'two issuing CA 1', authority: 'two root CA' },
      }),
    );
  });

  test('refuses what an impostor of the same name issued', () => {
    const [pki, impostor] = [createPki({ name: 'same' }), createPki({ name: 'same' })];
    const facts = { subject: 'client', issuer: 'same issuing CA', authority: 'same issuing CA' };

    expect(() => {
      pki.issuer.revoke(impostor.client());
    }).toThrow(expect.objectContaining({ code: 'NOT_THE_ISSUER', facts }));
    expect(pki.issuer.revoked).toEqual([]);
  });

  test.for<readonly [string, unknown, unknown, string]>([
    ['no serial number', '', 'unspecified', 'SERIAL_NUMBER_INVALID'],
    ['a serial number of zero', 0n, 'unspecified', 'SERIAL_NUMBER_INVALID'],
    ['a serial number that is not a number', 'xyz', 'unspecified', 'SERIAL_NUMBER_INVALID'],
    ['nothing', undefined, 'unspecified', 'OPTION_INVALID'],
    ['a plain number', 5, 'unspecified', 'OPTION_INVALID'],
    ['an object', {}, 'unspecified', 'OPTION_INVALID'],
    ['an unknown reason', 5n, 'lost', 'OPTION_INVALID'],
    ['a reason that every object inherits', 5n, 'toString', 'OPTION_INVALID'],
    ['an unknown option', 5n, { reson: 'superseded' }, 'OPTION_INVALID'],
    ['an invalid date', 5n, { date: new Date(Number.NaN) }, 'OPTION_INVALID'],
    ['text for a date', 5n, { date: '2026-01-01' }, 'OPTION_INVALID'],
  ])('refuses %s', ([, target, reason, code]) => {
    const { issuer } = createPki();

    expect(() => {
      issuer.revoke(target as never, reason as never); // as plain JavaScript may
    }).toThrow(expect.objectContaining({ code }));
    issuer.revoke(5n, 'superseded');
    expect(issuer.revoked).toHaveLength(1);
  });

  test('the list of what is revoked is a copy', () => {
    const { issuer } = createPki();
    issuer.revoke(5n);

    Reflect.apply(Array.prototype.pop, issuer.revoked, []);

    expect(issuer.revoked).toHaveLength(1);
  });
});

test('a PKI gives one CRL of each of its authorities, from the root down', () => {
  const pki = createPki({ name: 'all', intermediates: 2 });

  const issuers = readRevocationLists(pki.crls().join('')).map(({ issuer }) => Buffer.from(issuer));

  expect(issuers).toEqual(
    [pki.root, pki.issuer.parent, pki.issuer].map(
      (authority) => authority && Buffer.from(tbsFields(authority.certificate.raw)[5]?.bytes ?? []),
    ),
  );
});

function withClient() {
  const pki = createPki();
  return { issuer: pki.issuer, client: pki.client() };
}
