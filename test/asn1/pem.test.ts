import { describe, expect, test } from 'vitest';
import { decodePem, encodePem, firstArmour } from '../../src/asn1/pem.ts';

const bytes = Buffer.from(Array.from({ length: 100 }, (_unused, index) => index));
const pem = encodePem('CERTIFICATE', bytes);
const pemInvalid = (value: unknown, problem: unknown): unknown =>
  expect.objectContaining({ code: 'PEM_INVALID', facts: { what: 'PEM text', value, problem } });

describe('encoding', () => {
  test('writes 64 characters a line between the armour, and a newline at the end', () => {
    const lines = pem.split('\n');

    expect(lines[0]).toBe('-----BEGIN CERTIFICATE-----');
    expect(lines.slice(1, 4).map((line) => line.length)).toEqual([64, 64, 8]);
    expect(lines.slice(4)).toEqual(['-----END CERTIFICATE-----', '']);
  });

  test.for([0, 1, 47, 48, 49, 96])('%d octets fill no empty line', (length) => {
    const body = encodePem('X', Buffer.alloc(length, 1)).split('\n').slice(1, -2);

    expect(body.every((line) => line.length > 0 && line.length <= 64)).toBe(true);
    expect(body.join('')).toBe(Buffer.alloc(length, 1).toString('base64'));
  });

  test('takes exactly the octets of a view into a larger buffer', () => {
    expect(encodePem('X', bytes.subarray(10, 13))).toBe('-----BEGIN X-----\nCgsM\n-----END X-----\n');
  });
});

describe('decoding', () => {
  test.for([
    ['as it was written', pem],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with text around it', `subject=CN=x\nissuer=-----\n\n${pem}\ntrailing -----END\n`],
    [
      'on lines of another length',
      `-----BEGIN CERTIFICATE-----\n${bytes
        .toString('base64')
        .match(/.{1,10}/gu)
        ?.join('\n')}\n-----END CERTIFICATE-----`,
    ],
    ['indented, without a newline at the end', pem.trim().replaceAll(/^/gmu, '  ')],
    ['after a byte order mark', `\ufeff${pem}`],
    ['with RFC 1421 headers', pem.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n')],
    ['after an armour line with an impossible label', `-----BEGIN lower case-----\n${pem}`],
  ] as const)('reads a block %s', ([, text]) => {
    const blocks = decodePem(text);

    expect(blocks.map(({ label }) => label)).toEqual(['CERTIFICATE']);
    expect(Buffer.from(blocks[0]?.der ?? [])).toEqual(bytes);
  });

  test('reads several blocks in their order, each with its own text', () => {
    const blocks = decodePem(`${pem}between\n${encodePem('EC PRIVATE KEY', bytes.subarray(0, 3))}`);

    expect(blocks.map(({ label, der }) => [label, der.length])).toEqual([
      ['CERTIFICATE', 100],
      ['EC PRIVATE KEY', 3],
    ]);
    expect(blocks.map(({ text }) => text)).toEqual([pem.trim(), '-----BEGIN EC PRIVATE KEY-----\nAAEC\n-----END EC PRIVATE KEY-----']);
  });

  test.for(['', 'no armour', '-----BEGIN ', '-----BEGIN PGP MESSAGE-----', '# --- the CA ---'])('finds nothing in "%s"', (text) => {
    expect(decodePem(text)).toEqual([]);
  });

  test.for([
    ['without an end', pem.slice(0, 60), 'it has no END CERTIFICATE'],
    ['with the end of another kind', pem.replace('END CERTIFICATE', 'END X509 CRL'), 'it has no END CERTIFICATE'],
    ['with characters that are not Base64', pem.replace('AAEC', 'A*EC'), 'its body is not Base64'],
    ['with padding in the middle', pem.replace('AAEC', 'AA=C'), 'its body is not Base64'],
    ['of nothing', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 'its body is not Base64'],
    ['that another block interrupts', `${pem.slice(0, 60)}\n${pem}`, 'its body is not Base64'],
  ] as const)('refuses a block %s', ([, text, problem]) => {
    expect(() => decodePem(text)).toThrow(pemInvalid('BEGIN CERTIFICATE', problem));
    expect(decodePem(pem)).toHaveLength(1);
  });
});

test.for([
  [pem, '-----BEGIN CERTIFICATE-----'],
  ['MC4CAQAwBQYDK2VwBCIEIA', 'text without BEGIN'],
  ['-----BEGIN MC4CAQAwBQYDK2Vw', 'text without BEGIN'],
  ['', 'text without BEGIN'],
] as const)('what an error may quote of text number %# is its first armour line at most', ([text, quoted]) => {
  expect(firstArmour(text)).toBe(quoted);
});

describe('what is not a PEM object is skipped, in whatever armour', () => {
  test.for([
    ['a message of PGP', '-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQEMA0\n=aBcD\n-----END PGP MESSAGE-----\n'],
    ['a note', '-----BEGIN NOTE-----\nThe root of our tests\n-----END NOTE-----\n'],
    ['a note without an end', '-----BEGIN NOTE-----\n'],
    ['a line of dashes', '# ----- my CA -----\n'],
    ['words that name the armour', 'a file that holds BEGIN CERTIFICATE and so on\n'],
    ['a line that begins as armour does', '-----BEGIN CERTIFICATE of the root-----\n'],
  ] as const)('%s', ([, text]) => {
    expect(decodePem(text + pem + text).map(({ label }) => label)).toEqual(['CERTIFICATE']);
  });
});

describe('what would be lost is refused', () => {
  test.for([
    ['the second half of a block', 'AAEC\n-----END CERTIFICATE-----\n', 'half of a block'],
    ['an armour line that is cut off', '-----BEGIN CERTIFICATE\n', 'half of a block'],
    ['armour of four dashes', pem.replaceAll('-----', '----'), 'half of a block'],
    ['armour of typographic dashes', pem.replaceAll('-----', '—–'), 'half of a block'],
    ['armour in small letters', pem.replaceAll('CERTIFICATE', 'Certificate'), 'not in capital letters'],
    ['UTF-16', Buffer.from(pem, 'utf16le').toString('latin1'), 'UTF-16'],
    ['line breaks that are escaped', pem.replaceAll('\n', String.raw`\n`), 'two characters'],
  ] as const)('%s', ([, text, problem]) => {
    expect(() => decodePem(`${pem}${text}`)).toThrow(pemInvalid(expect.anything(), expect.stringContaining(problem)));
    expect(() => decodePem(`${text}\n${pem}`)).toThrow(expect.objectContaining({ code: 'PEM_INVALID' }));
    expect(decodePem(pem + pem)).toHaveLength(2);
  });
});
