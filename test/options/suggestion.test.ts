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
