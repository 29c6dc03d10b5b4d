import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { reportFailure } from '../../../src/cli/output/report-failure.ts';
import { MtlsFixturesError } from '../../../src/errors/index.ts';

const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

afterEach(() => {
  written.mockClear();
});

test.for<[what: string, error: unknown, code: number, line: RegExp]>([
  ['an error of ours', new MtlsFixturesError('FILE_EXISTS', { path: '/x' }), 2, /^Cannot write "\/x": .* \(FILE_EXISTS\)$/u],
  ['a port in use', new MtlsFixturesError('PORT_IN_USE', { host: '::1', ports: '1' }), 3, /^Cannot listen on "::1".* \(PORT_IN_USE\)$/u],
  ['an error of the system', systemError(), 2, /^Cannot finish the command: ENOENT: no such file or directory$/u],
  [
    'a fault of ours',
    new TypeError('x is\n undefined'),
    3,
    /^Cannot finish the command: TypeError: x is undefined; this is a fault of mtls-fixtures/u,
  ],
  ['what is not an error', null, 3, /^Cannot finish the command: null; /u],
])('%s is one line and a code', ([, error, code, line]) => {
  expect(reportFailure(error)).toBe(code);
  expect(written.mock.calls).toEqual([[expect.stringMatching(/^[^\n]+\n$/u)]]);
  expect(String(written.mock.calls[0]?.[0]).trimEnd()).toMatch(line);
});

function systemError(): unknown {
  try {
    return readFileSync('/nowhere/at/all');
  } catch (error) {
    return error;
  }
}
