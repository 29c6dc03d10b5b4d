import { expect, test } from 'vitest';
import { didYouMean, nearestName, similarNames } from '../../src/options/suggestion.ts';

const names = ['crl', 'port', 'host', 'keep', 'trust', 'identity', 'quietPeriod', 'clientQuietPeriod'];

test.for([
  ['crls', 'crl'],
  ['clr', 'crl'],
  ['CRL', 'crl'],
  ['prot', 'port'],
  ['hosts', 'host'],
  ['keeps', 'keep'],
  ['trsut', 'trust'],
  ['turts', 'trust'],
  ['identiy', 'identity'],
  ['quietPeroid', 'quietPeriod'],
])('%s is near to %s', ([given = '', meant]) => {
  expect(nearestName(given, names)).toBe(meant);
});

/** Everything that one edit makes of a text over these letters: an insertion, a deletion, a replacement, or a swap of neighbors. */
function neighbors(text: string, letters: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 0; at <= text.length; at += 1) {
    const [head, tail] = [text.slice(0, at), text.slice(at)];
    if (tail !== '') found.add(head + tail.slice(1));
    if (tail.length > 1) found.add(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
    for (const letter of letters) {
      found.add(head + letter + tail);
      if (tail !== '') found.add(head + letter + tail.slice(1));
    }
  }
  return found;
}

test('a name of up to four letters is near to itself and to what one edit makes of it, and to nothing else', () => {
  const words = ['', 'a', 'b', 'c', 'ab', 'ba', 'abc', 'acb', 'cba', 'abca', 'bbca', 'aabb', 'abab'];

  for (const given of words)
    for (const name of words) {
      const isNear = given === name || neighbors(name, 'abc').has(given);

      expect([given, name, nearestName(given, [name])]).toEqual([given, name, isNear ? name : undefined]);
    }
});

test.for([
  ['kittne', 'kitten'],
  ['ktiten', 'kitten'],
  ['kitetn', 'kitten'],
  ['iktetn', 'kitten'], // two swaps
  ['qiuetPeroid', 'quietPeriod'],
])('in a longer name, "%s" is near to "%s": a swap counts as one edit, and two edits are near', ([given = '', name = '']) => {
  expect(nearestName(given, [name])).toBe(name);
});

test.for([
  ['sitting', 'kitten'],
  ['ikettn', 'kitten'],
])('three edits are too many: "%s" is not near to "%s"', ([given = '', name = '']) => {
  expect(nearestName(given, [name])).toBeUndefined();
});

test.for(['', 'ciphers', 'family', 'hints', 'ca', 'parts', 'cllr1', 'quietTime'])('"%s" is near to none', (given) => {
  expect([nearestName(given, names), didYouMean(given, names)]).toEqual([undefined, '']);
});

test('of several the nearest is named, wherever it stands', () => {
  expect(nearestName('hosts', ['posts', 'hosted', 'host'])).toBe('posts');
  expect(nearestName('hostx', ['roots', 'host'])).toBe('host');
});

test('a question names it', () => {
  expect(didYouMean('prot', names)).toBe('; did you mean "port"?');
});

test('names that share words follow the nearest, the short ones first, five at most', () => {
  const ids = ['expired-leaf', 'expired-root', 'leaf-dsa', 'not-yet-valid-leaf', 'expired-intermediate', 'leaf-rsa-1024', 'leaf-md5'];

  expect(similarNames('expierd-leaf', ids)).toEqual(['expired-leaf', 'leaf-dsa', 'leaf-md5', 'leaf-rsa-1024', 'not-yet-valid-leaf']);
  expect(similarNames('leaf-expired', ids).slice(0, 1)).toEqual(['expired-leaf']);
  expect(similarNames('nothing', ids)).toEqual([]);
});
