import { expect, test } from 'vitest';
import { decodedForm, encodedForm } from '../../../../src/forwarded/encodings/go/form.ts';

// Written by `url.QueryEscape` of Go 1.26.
test.for([
  ['a b+c', 'a+b%2Bc'],
  ['Subject="CN=web"', 'Subject%3D%22CN%3Dweb%22'],
  [`-_.~!*'()`, '-_.~%21%2A%27%28%29'],
  ['\xc3\xa4\t\x7f', '%C3%A4%09%7F'],
] as const)('%j is written as Go writes it, and read', ([octets, form]) => {
  expect(encodedForm(octets)).toBe(form);
  expect(decodedForm('X-Info', form)).toBe(octets);
  expect(
    decodedForm(
      'X-Info',
      form.replaceAll(/%../gu, (escape) => escape.toLowerCase()),
    ),
  ).toBe(octets);
});

test.for([
  ['nothing', '', 'it is not form-encoded'],
  ['a blank', 'a b', 'it is not form-encoded'],
  ['half of an escape', 'a%2', 'it is not form-encoded'],
  ['an escape of other digits', 'a%zz', 'it is not form-encoded'],
  ['a quotation mark', 'a"', 'it is not form-encoded'],
  ['a blank that is escaped', 'a%20b', 'it escapes characters that need no escape'],
  ['a letter that is escaped', '%61', 'it escapes characters that need no escape'],
] as const)('%s is malformed', ([, text, problem]) => {
  expect(() => decodedForm('X-Info', text)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: { header: 'X-Info', problem } }),
  );
});
