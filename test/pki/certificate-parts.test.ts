import { describe, expect, test } from 'vitest';
import { parseSerial, randomSerial, requireLifetime, serialOf, updatesOf, validityOf } from '../../src/pki/certificate-parts.ts';
import type { CertificateOptions } from '../../src/pki/leaf-options.ts';

const hour = 3_600_000;
const day = 24 * hour;
const slack = 60_000;
const defaults = { validFor: day, backdate: hour };
const at = (text: string) => new Date(text);
const optionInvalid = (option: string, value: string) =>
  expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) });

describe('a random serial number', () => {
  test('is positive and has 16 octets, in every draw', () => {
    const serials = Array.from({ length: 2000 }, randomSerial);

    expect(serials.every((serial) => serial >= 2n ** 126n && serial < 2n ** 127n)).toBe(true);
    expect(new Set(serials).size).toBe(serials.length);
  });
});

describe('a given serial number', () => {
  test.for([
    [1, 1n],
    [5n, 5n],
    ['ff', 255n],
    ['00:AB:cd', 0xabcdn],
    [2n ** 159n - 1n, 2n ** 159n - 1n],
  ] as const)('%s is taken as it is', ([given, serial]) => {
    expect(serialOf(given)).toBe(serial);
  });

  test.for([0, -1, 1.5, Number.NaN, 2 ** 53, 0n, -5n, 2n ** 159n, '', '0', '0x1f', '-1', 'xyz', ':', '8'.padEnd(40, '0')])(
    '%s is refused',
    (given) => {
      expect(() => serialOf(given)).toThrow(expect.objectContaining({ code: 'SERIAL_NUMBER_INVALID', facts: { value: String(given) } }));
      expect(serialOf('7f'.padEnd(40, 'f'))).toBe(2n ** 159n - 1n);
    },
  );

  test('that is absent becomes a random one', () => {
    expect(serialOf(undefined)).not.toBe(serialOf(undefined));
  });

  test('can be distinguished from what is not one', () => {
    expect([parseSerial('0'), parseSerial(-1n), parseSerial('no')]).toEqual([0n, -1n, undefined]);
  });
});

describe('a validity', () => {
  test('begins a while ago and ends after the default lifetime, counted from now', () => {
    const { notBefore, notAfter } = validityOf({}, defaults);

    expect(fromNow(notBefore)).toBeCloseTo(-hour, -5);
    expect(fromNow(notAfter)).toBeCloseTo(day, -5);
  });

  test('has whole seconds, cut off', () => {
    const { notBefore, notAfter } = validityOf(
      { notBefore: at('2026-01-01T00:00:00.999Z'), notAfter: at('2026-01-02T00:00:00.001Z') },
      defaults,
    );

    expect([notBefore.toISOString(), notAfter.toISOString()]).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']);
  });

  test('given from both sides is obeyed, even beyond the issuer’s', () => {
    const given = { notBefore: at('1999-01-01T00:00:00Z'), notAfter: at('2099-01-01T00:00:00Z') };

    expect(validityOf(given, { ...defaults, issuerNotAfter: at('2050-01-01T00:00:00Z') })).toEqual(given);
  });

  test('of which only a past end is given begins a lifetime before it', () => {
    const notAfter = at('2020-06-02T00:00:00Z');

    expect(validityOf({ notAfter }, defaults)).toEqual({ notBefore: at('2020-06-01T00:00:00Z'), notAfter });
    expect(validityOf({ notAfter, validFor: hour }, defaults).notBefore).toEqual(at('2020-06-01T23:00:00Z'));
  });

  test('of which only an end a moment ago is given still begins before it', () => {
    const notAfter = new Date(Date.now() - slack);

    const validity = validityOf({ notAfter }, defaults);

    expect(fromNow(validity.notBefore)).toBeCloseTo(-hour, -5);
    expect(validity.notAfter.getTime()).toBe(Math.floor(notAfter.getTime() / 1000) * 1000);
  });

  test('of which only a future beginning is given lasts a lifetime from it, even where the issuer’s ends before', () => {
    const notBefore = new Date(Math.ceil(Date.now() / 1000) * 1000 + 10 * day);

    const validity = validityOf({ notBefore }, { ...defaults, issuerNotAfter: new Date(Date.now() + day) });

    expect(validity).toEqual({ notBefore, notAfter: new Date(notBefore.getTime() + day) });
  });

  test('of which only a past beginning is given lasts a lifetime from now', () => {
    const { notBefore, notAfter } = validityOf({ notBefore: at('2020-01-01T00:00:00Z') }, defaults);

    expect(notBefore).toEqual(at('2020-01-01T00:00:00Z'));
    expect(fromNow(notAfter)).toBeCloseTo(day, -5);
  });

  test('does not outlast the issuer’s unless that is asked for', () => {
    const issuerNotAfter = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2 * hour);

    expect(validityOf({}, { ...defaults, issuerNotAfter }).notAfter).toEqual(issuerNotAfter);
    expect(validityOf({ validFor: 5 * day }, { ...defaults, issuerNotAfter }).notAfter).toEqual(issuerNotAfter);
    expect(fromNow(validityOf({ validFor: hour }, { ...defaults, issuerNotAfter }).notAfter)).toBeCloseTo(hour, -5);
  });

  test('of no length is one', () => {
    const instant = at('2026-01-01T00:00:00Z');

    expect(validityOf({ notBefore: instant, notAfter: instant }, defaults)).toEqual({ notBefore: instant, notAfter: instant });
  });

  test.for([
    ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.000Z'],
  ] as const)('from %s to %s is refused', ([from, to]) => {
    const facts = { notBefore: at(from).toISOString(), notAfter: at(to).toISOString() };

    expect(() => validityOf({ notBefore: at(from), notAfter: at(to) }, defaults)).toThrow(
      expect.objectContaining({ code: 'DATE_ORDER', facts }),
    );
    expect(validityOf({ notBefore: at(to), notAfter: at(from) }, defaults).notBefore).toEqual(at(to));
  });

  test.for([
    ['notBefore', { notBefore: new Date(Number.NaN) }, 'Invalid Date'],
    ['notAfter', { notAfter: new Date('nonsense') }, 'Invalid Date'],
    ['notAfter', { notAfter: JSON.parse('"2026-01-01"') }, '2026-01-01'],
    ['notAfter', { notAfter: JSON.parse('1767225600000') }, '1767225600000'],
    ['notBefore', { notBefore: JSON.parse('null') }, 'null'],
    ['notAfter', { notAfter: at('+010000-01-01T00:00:00Z') }, String(at('+010000-01-01T00:00:00Z'))],
    ['notBefore', { notBefore: at('-000001-12-31T00:00:00Z') }, String(at('-000001-12-31T00:00:00Z'))],
  ] as const satisfies readonly (readonly [string, CertificateOptions, string])[])(
    'with the %s of %j is refused',
    ([option, options, value]) => {
      expect(() => validityOf(options, defaults)).toThrow(optionInvalid(option, value));
      expect(validityOf({ notAfter: at('9999-12-31T23:59:59Z') }, defaults).notAfter).toEqual(at('9999-12-31T23:59:59Z'));
    },
  );
});

test.for([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e15, '5', null, 5n])('the lifetime %s is refused', (validFor) => {
  expect(() => {
    requireLifetime(validFor);
  }).toThrow(optionInvalid('validFor', String(validFor)));
  expect(requireLifetime(1)).toBeUndefined();
});

describe('the updates of a CRL', () => {
  test('reach from an hour ago to a day after', () => {
    const { notBefore, notAfter } = updatesOf({}, defaults);

    expect(fromNow(notBefore)).toBeCloseTo(-hour, -5);
    expect(notAfter.getTime() - notBefore.getTime()).toBe(day);
  });

  test('reach from a day before a next update in the past', () => {
    expect(updatesOf({ nextUpdate: at('2020-01-02T00:00:00Z') }, defaults).notBefore).toEqual(at('2020-01-01T00:00:00Z'));
  });

  test('reach to a day after a given beginning, even where that is past', () => {
    expect(updatesOf({ thisUpdate: at('2020-01-01T00:00:00Z') }, defaults).notAfter).toEqual(at('2020-01-02T00:00:00Z'));
  });
});

function fromNow(date: Date): number {
  return date.getTime() - Date.now();
}
