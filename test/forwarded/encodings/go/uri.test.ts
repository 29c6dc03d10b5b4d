import { expect, test } from 'vitest';
import { goUri } from '../../../../src/forwarded/encodings/go/uri.ts';

// Written by `url.URL` of Go 1.26 (`x509.ParseCertificate`, then `String`).
test.for([
  ['spiffe://EX.test/a', 'spiffe://EX.test/a'],
  ['HTTP://Ex.test/a', 'http://Ex.test/a'],
  ['urn:uuid:1234', 'urn:uuid:1234'],
  ['tag:a,b', 'tag:a,b'],
  ['mailto:a@b', 'mailto:a@b'],
  ['https://u.test/a%2fb%41', 'https://u.test/a%2fb%41'],
  ['https://u.test/"q"', 'https://u.test/%22q%22'],
  ['https://u.test/a^b|c', 'https://u.test/a%5Eb%7Cc'],
  ['https://u.test/a[b]', 'https://u.test/a[b]'],
  ['https://u.test/a#', 'https://u.test/a'],
  ['https://u.test/?', 'https://u.test/?'],
  ['https://u.test/a?x="y"&<z>#f"g', 'https://u.test/a?x="y"&<z>#f%22g'],
  ['https://h.test//a;b', 'https://h.test//a;b'],
  ['https://[::1]:8/x', 'https://[::1]:8/x'],
] as const)('%s is written %s', ([uri, written]) => {
  expect(goUri(uri)).toBe(written);
});
