import { describe, expect, test } from 'vitest';
import { readDer } from '../../../src/asn1/der-reader.ts';
import { element, objectIdentifier, sequence, setOf } from '../../../src/asn1/der-writer.ts';
import { decodeName, encodeName, type NameAttribute, type Subject } from '../../../src/x509/names/distinguished-name.ts';

const roundTrip = (subject: Subject) => decodeName(readDer(encodeName(subject), 'name'));
const nameInvalid = (kind: string, value: string, problem: string) =>
  expect.objectContaining({ code: 'NAME_INVALID', facts: { kind, value, problem: expect.stringContaining(problem) } });

test('text is a common name, as a UTF8String', () => {
  expect(Buffer.from(encodeName('ü')).toString('hex')).toBe('300d310b300906035504030c02c3bc');
  expect(roundTrip('alice')).toEqual({ commonName: 'alice', text: 'CN=alice', parts: [{ type: 'commonName', value: 'alice' }] });
});

describe('any character', () => {
  test.for([
    ['alice, O=Evil', String.raw`CN=alice\, O\=Evil`],
    ['alice\nO=Evil', String.raw`CN=alice\0aO\=Evil`],
    ['alice/O=Evil', String.raw`CN=alice/O\=Evil`],
    ['alice+OU=Evil', String.raw`CN=alice\+OU\=Evil`],
    ['localhost\0.evil.test', String.raw`CN=localhost\00.evil.test`],
    ['\r\n\t\u007f', String.raw`CN=\0d\0a\09\7f`],
    ['"quoted" <a>; \\', String.raw`CN=\"quoted\" \<a\>\; \\`],
    [' padded ', String.raw`CN=\ padded\ `],
    [' ', String.raw`CN=\ `],
    ['#1', String.raw`CN=\#1`],
    ['Jürgen 株式会社 🔑', 'CN=Jürgen 株式会社 🔑'],
    ['x'.repeat(70_000), `CN=${'x'.repeat(70_000)}`],
  ] as const)('value number %# stays one attribute, and its text cannot pass for another', ([value, text]) => {
    const name = roundTrip({ organization: 'Good', commonName: value });

    expect(name.parts).toEqual([
      { type: 'organization', value: 'Good' },
      { type: 'commonName', value },
    ]);
    expect(name).toMatchObject({ organization: 'Good', commonName: value, text: `O=Good, ${text}` });
  });

  test.for(['\ud83d', 'a\udd11b'])('half of a surrogate pair is not a character, its whole is one', (half) => {
    expect(() => encodeName(half)).toThrow(nameInvalid('commonName', half, 'surrogate'));
    expect(roundTrip('\ud83d\udd11').commonName).toBe('🔑');
  });
});

describe('short names', () => {
  test('are those of the attributes that they stand for, in an object and in a list', () => {
    const words = {
      country: 'NL',
      state: 'NH',
      locality: 'A',
      organization: 'Example',
      organizationalUnit: ['x', 'y'],
      commonName: 'alice',
    };
    const short = { CN: 'alice', OU: ['x', 'y'], O: 'Example', L: 'A', ST: 'NH', C: 'NL' };

    expect(encodeName(short)).toEqual(encodeName(words));
    expect(roundTrip(short).text).toBe('C=NL, ST=NH, L=A, O=Example, OU=x, OU=y, CN=alice');
    expect(
      encodeName([
        { type: 'O', value: 'Example' },
        { type: 'CN', value: 'alice' },
      ]),
    ).toEqual(encodeName({ organization: 'Example', commonName: 'alice' }));
  });

  test('beside the word of the same attribute are refused, unless one of the two is undefined', () => {
    expect(() => encodeName({ commonName: 'alice', CN: 'bob' })).toThrow(nameInvalid('CN', 'bob', 'it is given as "commonName" too'));
    expect(encodeName({ commonName: undefined, CN: 'bob' })).toEqual(encodeName('bob'));
  });

  test('are written as Node writes them', () => {
    expect(() => encodeName({ cn: 'alice' } as never)).toThrow(nameInvalid('cn', 'alice', 'there is no such attribute'));
  });
});

describe('attributes', () => {
  test.for([
    ['domainComponent', 'DC', '0.9.2342.19200300.100.1.25', 0x16],
    ['country', 'C', '2.5.4.6', 0x13],
    ['state', 'ST', '2.5.4.8', 0x0c],
    ['locality', 'L', '2.5.4.7', 0x0c],
    ['street', 'STREET', '2.5.4.9', 0x0c],
    ['postalCode', 'postalCode', '2.5.4.17', 0x0c],
    ['organization', 'O', '2.5.4.10', 0x0c],
    ['organizationalUnit', 'OU', '2.5.4.11', 0x0c],
    ['title', 'title', '2.5.4.12', 0x0c],
    ['givenName', 'GN', '2.5.4.42', 0x0c],
    ['surname', 'SN', '2.5.4.4', 0x0c],
    ['userId', 'UID', '0.9.2342.19200300.100.1.1', 0x0c],
    ['serialNumber', 'serialNumber', '2.5.4.5', 0x13],
    ['commonName', 'CN', '2.5.4.3', 0x0c],
    ['emailAddress', 'emailAddress', '1.2.840.113549.1.9.1', 0x16],
  ] as const satisfies readonly (readonly [NameAttribute, string, string, number])[])(
    '%s is %s, %s, in the string type %d',
    ([type, short, dotted, tag]) => {
      const name = readDer(encodeName({ [type]: 'AB' }), 'name');
      const [id, value] = name.children[0]?.children[0]?.children ?? [];

      expect([id?.objectIdentifier, value?.tag, value?.text]).toEqual([dotted, tag, 'AB']);
      expect(decodeName(name)).toEqual({ [type]: 'AB', text: `${short}=AB`, parts: [{ type, value: 'AB' }] });
    },
  );

  test('of an object are written from country to common name, whatever its order', () => {
    const name = roundTrip({ commonName: 'a', organization: 'Org', country: 'DE', locality: 'Köln' });

    expect(name.text).toBe('C=DE, L=Köln, O=Org, CN=a');
  });

  test('with several values become several parts in order, and the last is the one that counts', () => {
    const name = roundTrip({ organizationalUnit: ['outer', 'inner'], commonName: 'a' });

    expect(name.text).toBe('OU=outer, OU=inner, CN=a');
    expect(name.organizationalUnit).toBe('inner');
  });

  test('of a list keep its order, and a list within it is one multi-valued part', () => {
    const subject = [
      { type: 'commonName', value: 'a' },
      [
        { type: 'userId', value: '7' },
        { type: 'organization', value: 'Org' },
      ],
    ];

    const name = readDer(encodeName(subject), 'name');

    expect(name.children.map(({ children }) => children.length)).toEqual([1, 2]);
    expect(decodeName(name).parts.map(({ type }) => type)).toEqual(['commonName', 'organization', 'userId']); // DER sorts within a set
  });

  test('by dotted identifier are written as UTF8String and keep their identifier', () => {
    const name = roundTrip([{ type: '1.3.6.1.4.1.99999.1', value: 'é' }]);

    expect(name).toEqual({ text: '1.3.6.1.4.1.99999.1=é', parts: [{ type: '1.3.6.1.4.1.99999.1', value: 'é' }] });
  });

  test('a word and its dotted identifier are the same attribute when read', () => {
    expect(roundTrip([{ type: '2.5.4.10', value: 'Org' }])).toEqual(roundTrip({ organization: 'Org' }));
  });

  test.for([
    ['2.5.4.6', 'country', 'DE'],
    ['2.5.4.5', 'serialNumber', '7'],
    ['0.9.2342.19200300.100.1.25', 'domainComponent', 'test'],
    ['1.2.840.113549.1.9.1', 'emailAddress', 'a@a.test'],
  ] as const)('%s is written octet for octet as %s', ([dotted, word, value]) => {
    expect(encodeName([{ type: dotted, value }])).toEqual(encodeName({ [word]: value }));
    expect(() => encodeName([{ type: dotted, value: 'ü' }])).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
  });
});

describe('an empty name', () => {
  test.for([[{}], [[]]] as const)('can be written on purpose', ([subject]) => {
    expect(Buffer.from(encodeName(subject)).toString('hex')).toBe('3000');
    expect(roundTrip(subject)).toEqual({ text: '', parts: [] });
  });
});

describe('refused', () => {
  test.for([
    ['an empty common name', '', nameInvalid('commonName', '', 'it is empty')],
    ['an empty attribute', { commonName: 'a', organization: '' }, nameInvalid('organization', '', 'it is empty')],
    ['an empty value among several', { organizationalUnit: ['a', ''] }, nameInvalid('organizationalUnit', '', 'it is empty')],
    ['a country of three letters', { country: 'DEU' }, nameInvalid('country', 'DEU', 'two letters')],
    ['a country of three letters by its identifier', [{ type: '2.5.4.6', value: 'DEU' }], nameInvalid('country', 'DEU', 'two letters')],
    ['a country of digits', { country: '49' }, nameInvalid('country', '49', 'two letters')],
    ['a country with a newline', { country: 'DE\n' }, nameInvalid('country', 'DE\n', 'two letters')],
    ['a serial number with an underscore', { serialNumber: 'a_b' }, nameInvalid('serialNumber', 'a_b', 'PrintableString')],
    ['an e-mail address beyond ASCII', { emailAddress: 'ü@example.test' }, nameInvalid('emailAddress', 'ü@example.test', 'only ASCII')],
    ['a domain component beyond ASCII', { domainComponent: 'ü' }, nameInvalid('domainComponent', 'ü', 'only ASCII')],
    [
      'a type that is not a word',
      [{ type: 'organisation', value: 'Org' }],
      nameInvalid('organisation', 'Org', 'neither a known attribute nor'),
    ],
    [
      'a type that every object inherits',
      [{ type: 'toString', value: 'Org' }],
      nameInvalid('toString', 'Org', 'neither a known attribute nor'),
    ],
    ['a type that no identifier can be', [{ type: '1.40', value: 'Org' }], nameInvalid('1.40', 'Org', 'neither a known attribute nor')],
    ['a part without attributes', [[]], nameInvalid('subject', '[]', 'no attribute')],
  ] as const satisfies readonly (readonly [string, Subject, unknown])[])('%s', ([, subject, error]) => {
    expect(() => encodeName(subject)).toThrow(error);
  });

  test.for([
    ['5', 'subject', '5'],
    ['true', 'subject', 'true'],
    ['null', 'subject', 'null'],
    ['[null]', 'subject', 'null'],
    ['["CN=alice"]', 'subject', 'CN=alice'],
    ['[[5]]', 'subject', '5'],
    ['[{"value":"alice"}]', 'undefined', 'alice'],
    ['[{"type":5,"value":"alice"}]', '5', 'alice'],
    ['[{"type":"commonName"}]', 'commonName', 'undefined'],
    ['{"commonName":5}', 'commonName', '5'],
    ['{"commonName":null}', 'commonName', 'null'],
    ['{"organizationalUnit":["a",5]}', 'organizationalUnit', '5'],
  ] as const)('%s, as plain JavaScript may pass it', ([json, kind, value]) => {
    expect(() => encodeName(JSON.parse(json))).toThrow(nameInvalid(kind, value, ''));
    expect(roundTrip({ commonName: 'alice' }).commonName).toBe('alice');
  });

  test.for(['organisation', 'constructor', 'cn'])('an attribute "%s", which does not exist', (attribute) => {
    const subject: object = { [attribute]: 'Org' };

    expect(() => encodeName(subject)).toThrow(
      nameInvalid(attribute, 'Org', 'there is no such attribute; use one of domainComponent, country'),
    );
    expect(roundTrip({ organization: 'Org' }).organization).toBe('Org');
  });

  test('a read attribute without a value', () => {
    const broken = sequence(setOf(sequence(objectIdentifier('2.5.4.3'))));

    expect(() => decodeName(readDer(broken, 'name'))).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  });
});

test.for([
  [0x13, 'Org', 'Org'],
  [0x14, '\u00fc', 'ü'],
  [0x1e, '\0O\0\u00fc', 'Oü'],
] as const)('a foreign string of tag %d is read as its text', ([tag, octets, text]) => {
  const name = sequence(setOf(sequence(objectIdentifier('2.5.4.10'), element(tag, Buffer.from(octets, 'latin1')))));

  expect(decodeName(readDer(name, 'name')).organization).toBe(text);
});
