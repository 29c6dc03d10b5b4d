import { expect, test } from 'vitest';
import { addressOf, stateIn } from '../../../src/report/page/address.ts';

test.for([
  [{}, '#'],
  [{ status: '', find: '' }, '#'],
  [{ status: 'unexpected', find: 'a&b=c #1' }, '#status=unexpected&find=a%26b%3Dc+%231'],
  [{ cell: 'server:orders API [unit]/TLSv1.3/expired-leaf' }, '#cell=server:orders+API+%5Bunit%5D/TLSv1.3/expired-leaf'],
  [{ find: '1+1 ✓ %' }, '#find=1%2B1+%E2%9C%93+%25'],
] as const)('the state %o has the address %s, which says the same when it is read', ([state, address]) => {
  expect(addressOf(state)).toBe(address);
  expect(stateIn(address)).toEqual(Object.fromEntries(Object.entries(state).filter(([, value]) => value !== '')));
});

test('no address at all is a page without filters, and the name of a place is not a state', () => {
  expect(stateIn('')).toEqual({});
  expect(stateIn('#results')).toBeUndefined();
});
