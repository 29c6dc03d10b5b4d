import { expect, test } from 'vitest';
import { looksLikeAddress, parseAddress } from '../../../src/cli/run/address.ts';

test.for([
  ['localhost:8443', 'localhost', 8443],
  ['127.0.0.1:1', '127.0.0.1', 1],
  ['[::1]:8443', '::1', 8443],
  ['https://localhost:8443', 'localhost', 8443],
  ['https://localhost:8443/path?query#part', 'localhost', 8443],
  ['HTTPS://[::1]/', '::1', 443],
  ['https://localhost', 'localhost', 443],
] as const)('%s is an address', ([text, host, port]) => {
  expect(looksLikeAddress(text)).toBe(true);
  expect(parseAddress(text)).toEqual({ host, port });
});

test.for(['localhost:0', 'localhost:65536', 'localhost:123456', ':443', 'https://', 'https://user@localhost:1', '[::1:1', '::1:1'])(
  'the address "%s" is rejected with its value',
  (text) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(`Cannot use address "${text}"`) }),
    );
  },
);

test.for(['cert.pem', './a:1/cert.pem', '-', 'localhost', 'http://localhost:80/x'])('%s is a file', (text) => {
  expect(looksLikeAddress(text)).toBe(false);
});

test.for([
  ['http://localhost:3000', 'localhost', 3000],
  ['http://[::1]/path', '::1', 80],
  ['localhost:3000', 'localhost', 3000],
] as const)('%s is the address of an application in plain HTTP', ([text, host, port]) => {
  expect(parseAddress(text, 'http')).toEqual({ host, port });
});

test.for([
  ['http://localhost:3000', 'https'],
  ['https://localhost:3000', 'http'],
] as const)('%s is rejected where %s is spoken', ([text, scheme]) => {
  expect(() => parseAddress(text, scheme)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
