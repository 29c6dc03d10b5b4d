import { describe, expect, test } from 'vitest';
import { derOfBer } from '../../src/asn1/ber.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const convert = (text: string): string => Buffer.from(derOfBer(hex(text), 'file')).toString('hex');
const refused = (problem: RegExp) =>
  expect.objectContaining({ code: 'DER_INVALID', facts: { what: 'file', problem: expect.stringMatching(problem) } });

test.for([
  ['DER stays as it is', '30 06 02 01 03 04 01 aa', '30060201030401aa'],
  ['an indefinite length', '30 80 02 01 03 00 00', '3003020103'],
  ['one within another', '30 80 a0 80 02 01 03 00 00 00 00', '3005a003020103'],
  ['a length of more octets than needed', '30 83 00 00 03 02 01 03', '3003020103'],
  ['an octet string in pieces', '24 80 04 02 aa bb 04 01 cc 00 00', '0403aabbcc'],
  ['one of definite length', '24 05 04 01 aa 04 00', '0401aa'],
  ['pieces in pieces', '24 80 24 80 04 01 aa 00 00 04 01 bb 00 00', '0402aabb'],
  ['what a primitive element holds stays', '04 04 30 80 00 00', '0404 30800000'],
] as const)('%s', ([, ber, der]) => {
  expect(convert(ber)).toBe(der.replaceAll(' ', ''));
});

test('a piece of more than 127 octets', () => {
  expect(convert(`24 80 04 81 80 ${'aa'.repeat(128)} 00 00`)).toBe(`048180${'aa'.repeat(128)}`);
});

describe('refused:', () => {
  test.for([
    ['nothing', '', /cut off/u],
    ['no end of contents', '30 80 02 01 03', /cut off/u],
    ['an element longer than what holds it', '30 03 02 02 03', /longer than what holds it/u],
    ['octets behind', '30 00 00', /1 octets follow/u],
    ['a primitive element of indefinite length', '04 80 00 00', /primitive element has an indefinite length/u],
    ['pieces that are not strings', '24 03 02 01 03', /not one/u],
    ['a tag of several octets', '1f 81 01 00', /tag of several octets/u],
    ['a length of five octets', '30 85 00 00 00 00 00', /a length is cut off/u],
    ['nesting without end', '30 80 '.repeat(5000), /nested too deep/u],
  ] as const)('%s', ([, ber, problem]) => {
    expect(() => convert(ber)).toThrow(refused(problem));
    expect(convert('30 00')).toBe('3000');
  });
});
