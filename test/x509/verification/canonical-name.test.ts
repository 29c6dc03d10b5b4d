import { expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { element, objectIdentifier, sequence, setOf } from '../../../src/asn1/der-writer.ts';
import { encodeName, type Subject } from '../../../src/x509/names/distinguished-name.ts';
import { asciiLowerCase, canonicalName, isSameName, startsWithName } from '../../../src/x509/verification/canonical-name.ts';

const attribute = (type: string, value: string) => sequence(objectIdentifier(type), element(0x0c, Buffer.from(value)));
const name = (subject: Subject) => canonicalName(readDer(encodeName(subject), 'name'));
/** One common name in a string type of one's own. */
const written = (tag: number, content: string | Uint8Array) =>
  canonicalName(readDer(sequence(setOf(sequence(objectIdentifier('2.5.4.3'), element(tag, Buffer.from(content))))), 'name'));

test.for([
  ['the case of ASCII letters', name('Alice'), name('aLICE')],
  ['spaces at the ends and several within', name(' Alice \t B '), name('Alice B')],
  ['the string type', written(0x0c, 'Alice'), written(0x13, 'Alice')],
  ['the encoding', written(0x1e, Buffer.from('Älice', 'utf16le').swap16()), written(0x0c, 'Älice')],
  [
    'the order within one part that was written out of order',
    canonicalName(readDer(sequence(element(0x31, attribute('2.5.4.10', 'o'), attribute('2.5.4.3', 'a'))), 'name')),
    canonicalName(readDer(sequence(element(0x31, attribute('2.5.4.3', 'a'), attribute('2.5.4.10', 'o'))), 'name')),
  ],
  [
    'the order within one part',
    name([
      [
        { type: 'organization', value: 'O' },
        { type: 'commonName', value: 'C' },
      ],
    ]),
    name([
      [
        { type: 'commonName', value: 'C' },
        { type: 'organization', value: 'O' },
      ],
    ]),
  ],
] as const)('two names are the same whatever %s', ([, a, b]) => {
  expect(isSameName(a, b)).toBe(true);
});

test.for([
  ['another value', name('alice'), name('alicia')],
  ['another attribute', name([{ type: 'commonName', value: 'a' }]), name([{ type: 'organization', value: 'a' }])],
  ['the case of other letters', name('Älice'), name('älice')],
  ['spaces that are not ASCII', name('alice\u00a0'), name('alice')],
  ['a type that is not text', written(0x04, 'alice'), written(0x04, 'Alice')],
  ['one part more', name({ organization: 'o', commonName: 'a' }), name({ organization: 'o' })],
  [
    'the order of parts',
    name([
      { type: 'commonName', value: 'a' },
      { type: 'organization', value: 'o' },
    ]),
    name({ organization: 'o', commonName: 'a' }),
  ],
  [
    'two parts in place of one of two attributes',
    name({ organization: 'o', commonName: 'a' }),
    name([
      [
        { type: 'organization', value: 'o' },
        { type: 'commonName', value: 'a' },
      ],
    ]),
  ],
] as const)('two names differ by %s', ([, a, b]) => {
  expect(isSameName(a, b)).toBe(false);
});

test('a name starts with all parts of a base, from the first on', () => {
  const alice = name({ country: 'DE', organization: 'o', commonName: 'alice' });

  expect(startsWithName(alice, name({ country: 'DE', organization: 'O' }))).toBe(true);
  expect(startsWithName(alice, [])).toBe(true);
  expect(startsWithName(alice, name({ organization: 'o' }))).toBe(false);
  expect(startsWithName(name({ country: 'DE' }), alice)).toBe(false);
});

test('only ASCII letters lose their case', () => {
  expect(asciiLowerCase('AZ[ÄİK')).toBe('az[Äİk'.replace('k', 'K'.toLowerCase()));
  expect(asciiLowerCase('\u212a')).toBe('\u212a');
});

test.for([
  ['no sequence', Uint8Array.of(0x31, 0x00)],
  ['no value', sequence(setOf(sequence(objectIdentifier('2.5.4.3'))))],
  ['a string type that is not in use', sequence(setOf(sequence(objectIdentifier('2.5.4.3'), element(0x1c, Buffer.alloc(4)))))],
] as const)('a name with %s is refused', ([, der]) => {
  expect(() => canonicalName(readDer(der, 'name'))).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
});
