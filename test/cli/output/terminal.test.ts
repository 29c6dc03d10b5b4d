import { afterEach, expect, test, vi } from 'vitest';
import { table, widthOf } from '../../../src/cli/output/terminal.ts';

const headings = ['', 'scenario', 'TLS', 'what happened'];
const rows = [
  ['ok', 'valid', '1.3', ''],
  ['unexpected', 'no-client-certificate', '1.3', 'expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted'],
];

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a table that fits has a line for each row', () => {
  expect(table(headings, rows, undefined).split('\n')).toEqual([
    '            scenario               TLS  what happened',
    'ok          valid                  1.3',
    'unexpected  no-client-certificate  1.3  expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted',
  ]);
  expect(table(headings, rows, 140)).toBe(table(headings, rows, undefined));
});

test('cells that do not fit continue below their row', () => {
  expect(table(headings, rows, 60).split('\n')).toEqual([
    '            scenario               TLS',
    '    what happened',
    'ok          valid                  1.3',
    'unexpected  no-client-certificate  1.3',
    '    expected rejected by the server with CERT_HAS_EXPIRED,',
    '    but it was accepted',
  ]);
});

test.for([40, 50, 60, 80, 100])('in %i columns no line of a table is wider, and no word is broken', (width) => {
  const text = table(headings, rows, width);

  expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  expect(words(text).toSorted()).toEqual(words([headings, ...rows].flat().join(' ')).toSorted());
});

test.for<[columns: string, width: number | undefined]>([
  ['100', 100],
  ['3', 40],
  ['', undefined],
  ['0', undefined],
  ['wide', undefined],
])('COLUMNS "%s" makes lines of %s columns where there is no terminal', ([columns, width]) => {
  vi.stubEnv('COLUMNS', columns);
  const pipe = Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, { isTTY: false }); // as Node has it for a pipe

  expect(widthOf(pipe)).toBe(width);
});

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
