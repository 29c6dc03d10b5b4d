import { expect, test } from 'vitest';
import { isIpAddress, isLoopback, nameOptions, namedUrlHost, reachableAddress, servernameFor, urlHost } from '../../src/net/addresses.ts';

test.for(['127.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1%eth0', '::ffff:127.0.0.1', '2001:db8::8:800:200c:417a'])(
  '%s is an IP address, and is never asked for as a server name',
  (address) => {
    expect(isIpAddress(address)).toBe(true);
    expect(servernameFor(address)).toBe('localhost');
    expect(nameOptions(address)).toEqual({ host: address, servername: '' });
  },
);

test.for(['localhost', 'mail.test', '', '127.1', '256.0.0.1', '1.2.3.4.5', 'a:b', ':::', '[::1]', '127.0.0.1:443'])(
  '"%s" is not an IP address',
  (name) => {
    expect(isIpAddress(name)).toBe(false);
    expect(servernameFor(name)).toBe(name);
    expect(nameOptions(name)).toEqual({ servername: name });
  },
);

test.for([
  ['127.0.0.1', true],
  ['127.255.0.3', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['::', false],
  ['0.0.0.0', false],
  ['10.127.0.1', false],
  ['::ffff:10.0.0.1', false],
] as const)('whether %s is loopback: %s', ([address, expected]) => {
  expect(isLoopback(address)).toBe(expected);
});

test.for([
  { bound: '0.0.0.0', reached: '127.0.0.1', url: '127.0.0.1', named: 'localhost' },
  { bound: '::', reached: '::1', url: '[::1]', named: 'localhost' },
  { bound: '127.0.0.1', reached: '127.0.0.1', url: '127.0.0.1', named: 'localhost' },
  { bound: '127.0.0.2', reached: '127.0.0.2', url: '127.0.0.2', named: '127.0.0.2' }, // localhost does not resolve to it
  { bound: '::1', reached: '::1', url: '[::1]', named: 'localhost' },
  { bound: 'fd00::5', reached: 'fd00::5', url: '[fd00::5]', named: '[fd00::5]' },
])('a server bound to $bound is reached at $reached, in a URL as $url, by a name as $named', ({ bound, reached, url, named }) => {
  expect(reachableAddress(bound)).toBe(reached);
  expect(urlHost(reached)).toBe(url);
  expect(namedUrlHost(reached)).toBe(named);
});
