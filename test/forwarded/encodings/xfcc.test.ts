import { expect, test } from 'vitest';
import { xfccElements } from '../../../src/forwarded/encodings/xfcc.ts';

const read = (text: string): ReturnType<typeof xfccElements> => xfccElements('xfcc', text);

test('elements are separated by commas, pairs by semicolons, keys are of any letter case', () => {
  expect(read('By=spiffe://a/gw;hash=12;SUBJECT="CN=a,O=b";uri=;dns=a.test;DNS=b.test,By=x')).toEqual([
    { By: ['spiffe://a/gw'], Hash: ['12'], Subject: ['CN=a,O=b'], URI: [''], DNS: ['a.test', 'b.test'] },
    { By: ['x'] },
  ]);
});

test('a separator within quotation marks separates nothing', () => {
  expect(read(String.raw`Subject="CN=a,O=\"x;URI=spiffe://evil\",Hash=1"`)).toEqual([
    { Subject: [String.raw`CN=a,O=\"x;URI=spiffe://evil\",Hash=1`] },
  ]);
});

test('an even number of backslashes leaves a quotation mark its meaning', () => {
  expect(read(String.raw`Subject="CN=a\\";URI=x`)).toEqual([{ Subject: [String.raw`CN=a\\`], URI: ['x'] }]);
  expect(read(String.raw`Subject="CN=a\\\";URI=x"`)).toEqual([{ Subject: [String.raw`CN=a\\\";URI=x`] }]);
});

test('in a quoted value that is not a distinguished name the escapes are removed', () => {
  expect(read(String.raw`URI="a\"b\\c\d;e"`)).toEqual([{ URI: [String.raw`a"b\c\d;e`] }]);
});

test.for([
  ['nothing', '', 'at 0 there is not one of By'],
  ['a key alone', 'Hash', 'at 0 there is not one of By'],
  ['a key that Envoy does not have', 'Hash=1;Admin=1', 'at 7 there is not one of By'],
  ['a blank before a key', 'Hash=1; URI=a', 'at 7 there is not one of By'],
  ['a blank behind a comma, as an HTTP library joins lines', 'Hash=1, Hash=2', 'at 7 there is not one of By'],
  ['a semicolon at the end', 'Hash=1;', 'at 7 there is not one of By'],
  ['an empty element', 'Hash=1,,Hash=2', 'at 7 there is not one of By'],
  ['JSON', '[{"hash":"1"}]', 'at 0 there is not one of By'],
  ['an unquoted separator in a URI name', 'URI=https://a.test/?b=c;d,e', 'at 24 there is not one of By'],
  ['two hashes', 'Hash=1;hash=2', 'an element has two values of Hash'],
  ['two subjects', 'Subject="CN=a";Subject="CN=b"', 'an element has two values of Subject'],
  ['a value without its closing quotation mark', 'Subject="CN=a', 'the value of Subject has no closing quotation mark'],
  ['a closing quotation mark that is escaped', String.raw`Subject="CN=a\";URI=x`, 'the value of Subject has no closing quotation mark'],
  ['text behind the closing quotation mark', 'Subject="CN=a"b', 'a quotation mark is within the value of Subject'],
  ['a quotation mark within an unquoted value', 'URI=a"b;c"', 'a quotation mark is within the value of URI'],
  ['a subject without quotation marks', 'Subject=CN=a', 'the value of Subject is not quoted'],
  ['a certificate without quotation marks', 'Cert=a', 'the value of Cert is not quoted'],
  ['a quotation mark before what the proxy appended', 'By=",By=x;Hash=1;Subject="CN=a"', 'a quotation mark is within the value of By'],
] as const)('%s is malformed', ([, text, problem]) => {
  expect(read('Hash=1;Subject="CN=a";URI=x')).toHaveLength(1);
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header: 'xfcc', problem: expect.stringContaining(problem) } }),
  );
});

test.for([
  ['backslashes', `Subject="${'\\'.repeat(1_000_000)}`],
  ['escaped quotation marks', `Subject="${String.raw`\"`.repeat(500_000)}`],
  ['commas', ','.repeat(1_000_000)],
  ['equals signs', '='.repeat(1_000_000)],
  ['a key', 'H'.repeat(1_000_000)],
] as const)('a megabyte of %s is malformed', ([, text]) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'FORWARDED_INVALID' }));
});

test('a megabyte of elements is read', () => {
  expect(read(Array.from({ length: 100_000 }, () => 'By=a;URI=b').join(','))).toHaveLength(100_000);
});
