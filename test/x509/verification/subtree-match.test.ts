import { expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { contextConstructed, contextPrimitive } from '../../../src/asn1/der-writer.ts';
import { directoryName } from '../../../src/x509/names/general-name.ts';
import { canonicalName } from '../../../src/x509/verification/canonical-name.ts';
import { covers } from '../../../src/x509/verification/subtree-match.ts';

const texts = { mailbox: 1, host: 2, uri: 6 } as const;
const match = (kind: keyof typeof texts, base: string, text: string) =>
  covers(readDer(contextPrimitive(texts[kind], Buffer.from(base)), 'subtree'), { kind: 0x80 | texts[kind], text });
const address = (base: readonly number[], octets: readonly number[]) =>
  covers(readDer(contextPrimitive(7, Uint8Array.from(base)), 'subtree'), { kind: 0x87, octets: Uint8Array.from(octets) });

// Each of these was put to Node 26.10 and openssl verify 3.0, as a permitted and as an excluded subtree.
test.for([
  ['host', '', 'a.test', true],
  ['host', 'a.test', 'A.TEST', true],
  ['host', 'a.test', 'b.a.test', true],
  ['host', 'a.test', 'ba.test', false],
  ['host', 'a.test', 'test', false],
  ['host', 'a.test', 'a.test.', false],
  ['host', '.a.test', 'b.a.test', true],
  ['host', '.a.test', 'a.test', false],
  ['host', 'a.test', '*.a.test', true],
  ['mailbox', 'a.test', 'u@A.test', true],
  ['mailbox', 'a.test', 'u@b.a.test', false],
  ['mailbox', '.a.test', 'u@b.a.test', true],
  ['mailbox', '.a.test', 'u@a.test', false],
  ['mailbox', 'u@a.test', 'u@A.TEST', true],
  ['mailbox', 'u@a.test', 'U@a.test', false],
  ['mailbox', '@a.test', 'U@a.test', true],
  ['mailbox', '', 'u@a.test', false],
  ['mailbox', 'a.test', 'a.test', 'UNSUPPORTED_NAME_SYNTAX'],
  ['uri', 'a.test', 'spiffe://A.test/x', true],
  ['uri', 'a.test', 'https://a.test:8443/', true],
  ['uri', 'a.test', 'https://b.a.test', false],
  ['uri', '.a.test', 'https://b.a.test', true],
  ['uri', '.a.test', 'https://a.test', false],
  ['uri', 'a.test', 'https://[::1]/', false],
  ['uri', '.a.test', 'https://[2001:db8::1%25.a.test]:8443/', false],
  ['uri', 'a.test', 'urn:a.test', 'UNSUPPORTED_NAME_SYNTAX'],
  ['uri', 'a.test', 'a.test', 'UNSUPPORTED_NAME_SYNTAX'],
] as const)('the %s subtree "%s" and "%s": %s', ([kind, base, text, expected]) => {
  expect(match(kind, base, text)).toBe(expected);
});

test.for([
  [[10, 0, 0, 0, 255, 0, 0, 0], [10, 1, 2, 3], true],
  [[10, 0, 0, 0, 255, 0, 0, 0], [11, 1, 2, 3], false],
  [[10, 0, 0, 7, 255, 0, 255, 0], [10, 9, 0, 1], true],
  [[0, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4], true],
  [Array.from({ length: 32 }, () => 0), [1, 2, 3, 4], false],
  [[10, 0, 0, 0], [10, 0, 0, 0], 'UNSUPPORTED_NAME_SYNTAX'],
  [[10, 0, 0, 0, 255, 0, 0, 0], [10, 0, 0], 'UNSUPPORTED_NAME_SYNTAX'],
] as const)('the address block %j and %j: %s', ([base, octets, expected]) => {
  expect(address(base, octets)).toBe(expected);
});

test('a directory subtree covers the names that begin with it', () => {
  const directory = canonicalName(readDer(directoryName({ organization: 'O', commonName: 'alice' }), 'name').inner());
  const covered = (base: Parameters<typeof directoryName>[0]) => covers(readDer(directoryName(base), 'subtree'), { kind: 0xa4, directory });

  expect(covered({ organization: 'o' })).toBe(true);
  expect(covered({ organization: 'p' })).toBe(false);
  expect(covered([])).toBe(true);
});

test.for([0xa0, 0xa3, 0xa5, 0x88])('a subtree of the kind 0x%x cannot be matched', (kind) => {
  expect(covers(readDer(contextConstructed(0, new Uint8Array(0)), 'subtree'), { kind })).toBe('UNSUPPORTED_CONSTRAINT_TYPE');
});

test.for([
  ['uri', 'https://user@a.test/'],
  ['uri', 'https://a.test/x:y'],
  ['uri', 'https://[::1%]/'],
  ['uri', 'https://a.test:x/'],
  ['uri', 'https:///x'],
  ['mailbox', 'a@b@a.test'],
  ['mailbox', 'a\0@a.test'],
] as const)('what the versions of OpenSSL read differently is given up: the %s "%s"', ([kind, text]) => {
  expect(() => match(kind, 'a.test', text)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
});
