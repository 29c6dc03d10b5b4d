import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { readDer } from '../../src/asn1/der-reader.ts';
import {
  generalizedTime,
  integer,
  isObjectIdentifier,
  namedBits,
  objectIdentifier,
  sequence,
  setOf,
  utcTime,
} from '../../src/asn1/der-writer.ts';
import { ipToOctets, octetsToIp } from '../../src/x509/names/ip-address.ts';
import { describeWith, outputOf } from './judges.ts';
import { canonicalAddress, seconds } from './certificate-reading.ts';
import { addresses, identifiers, instants } from './plan-values.ts';
import { propertyTimeout, runs } from './plans.ts';
import { temporaryFolder } from './temporary-folder.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const anyInteger = (): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: -(1n << 160n), max: 1n << 160n }), fc.bigInt({ min: -70_000n, max: 70_000n }));
const anyIdentifier = (): fc.Arbitrary<string> => identifiers({ largest: 2n ** 70n });

describeWith('openssl')('openssl reads', () => {
  test('integers, object identifiers and times as they were written', async () => {
    const lists = fc.record({ integers: fc.array(anyInteger()), oids: fc.array(anyIdentifier()), times: fc.array(instants()) });
    await fc.assert(
      fc.asyncProperty(lists, async ({ integers, oids, times }) => {
        const written = [...integers.map(integer), ...oids.map(objectIdentifier), ...times.map(generalizedTime), ...times.map(utcTime)];

        const lines = await askOpenssl(sequence(...written));

        expect(lines).toEqual([
          ...integers.map((value) => ['INTEGER', `${value < 0n ? '-' : ''}${wholeOctets(value < 0n ? -value : value)}`]),
          ...oids.map((dotted) => ['OBJECT', expect.stringMatching(wordOr(dotted))]),
          ...times.map((time) => ['GENERALIZEDTIME', `${digits(time)}Z`]),
          ...times.map((time) => ['UTCTIME', `${digits(time).slice(2)}Z`]),
        ]);
      }),
      runs(25),
    );
  });
});

test('every integer is read back as it was written, in the fewest octets', () => {
  fc.assert(
    fc.property(anyInteger(), (value) => {
      const element = readDer(integer(value), 'integer');
      const [first = 0, second] = element.content;

      expect(element.integer).toBe(value);
      expect(second !== undefined && (first === 0 || first === 0xff) && (first & 0x80) === (second & 0x80)).toBe(false); // X.690 8.3.2
    }),
    runs(1000),
  );
});

test('every object identifier is read back as it was written, and is taken for one', () => {
  fc.assert(
    fc.property(anyIdentifier(), (dotted) => {
      expect(isObjectIdentifier(dotted)).toBe(true);
      expect(readDer(objectIdentifier(dotted), 'identifier').objectIdentifier).toBe(dotted);
    }),
    runs(1000),
  );
});

test('text that is taken for an object identifier is read back to the letter', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-3]{0,2}(?:\.[\d.]{0,6}){0,3}$/u).filter(isObjectIdentifier), (text) => {
      expect(readDer(objectIdentifier(text), 'identifier').objectIdentifier).toBe(text);
    }),
    runs(300),
  );
});

test('every time is read back to the second, in both forms where both can hold it', () => {
  fc.assert(
    fc.property(instants(), (time) => {
      const year = time.getUTCFullYear();

      expect(seconds(readDer(generalizedTime(time), 'time').time)).toBe(seconds(time));
      expect(year >= 1950 && year < 2050).toBe(seconds(readDer(utcTime(time), 'time').time) === seconds(time));
    }),
    runs(1000),
  );
});

test('named bits are read back in order, whatever their order and however often they are named', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (bits) => {
      const element = readDer(namedBits(bits), 'bits');
      const [unused = 0, ...octets] = element.content;

      expect(element.namedBits).toEqual([...new Set(bits)].toSorted((a, b) => a - b));
      expect((octets.at(-1) ?? 1) % 2 ** (unused + 1)).toBe(2 ** unused); // the last bit that counts is set (X.690 11.2.2)
    }),
    runs(300),
  );
});

test('a set is the same set in whatever order its elements come', () => {
  const shuffled = fc
    .array(fc.uint8Array({ maxLength: 8 }))
    .chain((contents) => fc.tuple(fc.constant(contents), fc.shuffledSubarray(contents, { minLength: contents.length })));
  fc.assert(
    fc.property(shuffled, ([contents, others]) => {
      const [one, other] = [contents, others].map((list) => setOf(...list.map((content) => sequence(content))));

      expect(Buffer.compare(one ?? Buffer.alloc(0), other ?? Buffer.alloc(1))).toBe(0);
    }),
    runs(300),
  );
});

test('every IP address is read back as a URL has it', () => {
  fc.assert(
    fc.property(addresses(), (address) => {
      expect(octetsToIp(ipToOctets(address) ?? new Uint8Array(0))).toBe(canonicalAddress(address));
    }),
    runs(1000),
  );
});

/** The type and the value of each element in a sequence. */
async function askOpenssl(der: Uint8Array): Promise<string[][]> {
  using folder = temporaryFolder();
  const text = await outputOf('openssl', ['asn1parse', '-inform', 'DER', '-in', folder.write('sequence.der', der)]);
  return [...text.matchAll(/prim: (\w+) *:(.*)$/gmu)].map(([, type = '', value = '']) => [type, value]);
}

/** OpenSSL puts a word in place of an object identifier that it knows. */
function wordOr(dotted: string): RegExp {
  return new RegExp(`^(?:${dotted.replaceAll('.', String.raw`\.`)}|[A-Za-z].*)$`, 'u');
}

function wholeOctets(value: bigint): string {
  const hex = value.toString(16).toUpperCase();
  return hex.padStart(hex.length + (hex.length % 2), '0');
}

/** `20261123051024` */
function digits(time: Date): string {
  return seconds(time).replaceAll(/\D/gu, '');
}
