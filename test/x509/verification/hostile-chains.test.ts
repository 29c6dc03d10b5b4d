import { describe, expect, test } from 'vitest';
import { timesAsLong } from '../../fuzz/fastest.ts';
import { dnsName } from '../../../src/x509/names/general-name.ts';
import { nameVerifyFailure } from '../../../src/x509/verification/verify-failure.ts';
import { extended, makeChain } from './chain-maker.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { constrained, named, subtrees, unknownCritical } from './chain-changes.ts';
import { verifyCodes } from './verify-codes.ts';

describe('hostile input', () => {
  test('an empty chain, and bytes that are not a certificate, are not named', () => {
    const { chain, anchors } = makeChain('client', { leaf: extended(unknownCritical) });

    expect(nameVerifyFailure({ chain, anchors })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure({ chain: [], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [Buffer.from('hello')], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain: [...chain, new Uint8Array(0)], anchors })).toBeUndefined();
    expect(nameVerifyFailure({ chain, anchors, crls: [Uint8Array.of(0x30, 0x80)] })).toBeUndefined();
  });

  test.for([1, 2, 3, 4])('two thousand mutations of a chain give a name or nothing, and take no time (seed %i)', (seed) => {
    const { chain, anchors, crls } = makeChain('server', {
      ...constrained({ permitted: { dns: 'localhost', ip: '127.0.0.0/8', uri: 'a.test', directory: [{ organization: 'mtls-fixtures' }] } }),
      crls: [],
    });
    const random = randomNumbers(seed);

    for (let round = 0; round < 2000; round += 1) {
      const name = nameVerifyFailure({ chain: mutated(chain, random), anchors, crls: random() < 0.5 ? crls : mutated(crls ?? [], random) });

      expect(name === undefined || name in verifyCodes).toBe(true);
    }
  });

  test('thousands of names against thousands of constraints are given up at once', () => {
    const chainOf = (length: number): ReturnType<typeof makeChain> => {
      const names = Array.from({ length }, (_unused, index) => dnsName(`h${index}.test`));
      return makeChain('client', { intermediates: [extended(subtrees('permitted', ...names))], leaf: named(...names) });
    };
    const [many, few] = [chainOf(3000), chainOf(30)];

    const times = timesAsLong(
      () => nameVerifyFailure(many),
      () => nameVerifyFailure(few),
      { enough: 1000, rounds: 10 },
    );

    expect(nameVerifyFailure(many)).toBeUndefined();
    expect(times).toBeLessThan(1000); // each against each would take 10,000 times as long
  });

  test('a hundred and more certificates are given up', () => {
    const made = makeChain('client', { leaf: extended(unknownCritical) });
    const others = Array.from({ length: 100 }, (_unused, index) =>
      makeChain('client', {
        leaf: (draft) => {
          draft.serialNumber = BigInt(index);
        },
      }),
    ).flatMap(({ chain: [first = new Uint8Array(0)] }) => [first]);

    expect(nameVerifyFailure({ ...made, chain: [...made.chain, ...others.slice(0, 90)] })).toBe('UNHANDLED_CRITICAL_EXTENSION');
    expect(nameVerifyFailure({ ...made, chain: [...made.chain, ...others] })).toBeUndefined();
  });
});

function mutated(list: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const below = (limit: number): number => Math.floor(random() * limit);
  const at = below(list.length);
  return list.map((der, index) => {
    if (index !== at) return der;
    let changed = Buffer.from(der);
    for (let change = below(4); change >= 0; change -= 1) {
      const [place, length] = [below(changed.length), below(8)];
      const kind = below(4);
      if (kind === 0) changed[place] = below(256);
      else if (kind === 1) changed = Buffer.concat([changed.subarray(0, place), changed.subarray(place + length)]);
      else if (kind === 2) changed = Buffer.concat([changed.subarray(0, place + length), changed.subarray(place)]);
      else changed.copyWithin(place, below(changed.length));
    }
    return changed;
  });
}
