import { expect, test } from 'vitest';
import { editDistance } from '../../src/options/edit-distance.ts';

test.for<[one: string, other: string, edits: number]>([
  ['', '', 0],
  ['', 'crl', 3],
  ['crl', 'crl', 0],
  ['crls', 'crl', 1],
  ['cl', 'crl', 1],
  ['crk', 'crl', 1],
  ['prot', 'port', 1],
  ['trsut', 'trust', 1],
  ['resaon', 'reason', 1],
  ['kitten', 'sitting', 3],
  ['identiyt', 'identity', 1],
  ['qiuetPeroid', 'quietPeriod', 2],
  ['abcd', 'badc', 2],
  ['ca', 'abc', 3], // optimal string alignment: what was swapped is not edited again
])('"%s" is as far from "%s" as edits are counted by hand: %i', ([one, other, edits]) => {
  expect([editDistance(one, other), editDistance(other, one)]).toEqual([edits, edits]);
});

/** Everything that one edit makes of a text over these letters. */
function neighbours(text: string, letters: string): ReadonlySet<string> {
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
  found.delete(text);
  return found;
}

test('one edit away is what one edit makes, and nothing else', () => {
  const words = ['', 'a', 'b', 'c', 'ab', 'ba', 'abc', 'acb', 'cba', 'abca', 'bbca', 'aabb', 'abab'];

  for (const one of words)
    for (const other of words)
      expect([one, other, editDistance(one, other) === 1]).toEqual([one, other, neighbours(one, 'abc').has(other)]);
});
