import { beforeAll, describe, expect, test } from 'vitest';
import { describeReloadUnderTest } from '../../../src/vitest/index.ts';
import { printedBySuites, runSuites, type SuiteTest } from '../run-suites.ts';
import { rowsIn } from '../suite-rows.ts';

let tests: readonly SuiteTest[] = [];
const { of, failuresOf } = rowsIn(() => tests);
let printed = '';
beforeAll(async () => {
  const options = ['--hookTimeout=1000'];
  [tests, printed] = await Promise.all([runSuites('reload.suite.ts', options), printedBySuites('reload.suite.ts', options)]);
});

test('a correct server passes the scenarios that were asked for, between two controls', () => {
  expect(of('correct')).toEqual([
    'passed accepts the valid client alone (control)',
    'passed accepts the valid client with the renewed certificate, within the bound [after-reload-new-key]',
    'skipped refuses a client of the old anchors after a reload [after-reload-old-anchor]',
    "passed accepts the next request on a connection whose client's CA is no longer trusted [lifetime-anchor-removed]",
    'passed accepts the valid client alone, after all of these',
  ]);
});

test('what the user expects stands above what the scenario says', () => {
  const [row] = failuresOf('expects an end');

  expect(row).toContain('lifetime-anchor-removed (TLSv1.3): expected rejected by the server, but the connection goes on');
});

describe('a reload that does not work fails the scenario about the renewed key, and judges nothing else', () => {
  test.for([
    ['throws', 'Cannot reload the server under test: reload threw "no reload"; '],
    ['never ends', 'Cannot reload the server under test: reload did not end within 300 ms; '],
    ['reloads nothing', 'Cannot reload the server under test: 300 ms after the files were replaced, it presents the certificate '],
  ] as const)('where it %s', ([name, problem]) => {
    const [newKey = '', oldAnchor = '', lifetime = '', ...others] = failuresOf(name);

    expect(newKey).toContain(`after-reload-new-key (TLSv1.3): ${problem}`);
    expect(oldAnchor).toContain(`after-reload-old-anchor (TLSv1.3): not judged: ${problem}`);
    expect(lifetime).toContain(`lifetime-anchor-removed (TLSv1.3): not judged: ${problem}`);
    expect(others).toEqual([]);
  });
});

test('a server that accepts every client before any reload fails its control, and judges nothing else', () => {
  expect(failuresOf('accepts every client')).toEqual([
    expect.stringContaining(
      'before any reload, so nothing else can be judged: a client without certificate, before any reload: expected rejected by the server, but it was accepted',
    ),
  ]);
  expect(of('accepts every client').filter((row) => row.startsWith('passed'))).toEqual([]);
});

test('a server that answers no request is not judged by an open connection', () => {
  const row = tests.find(({ name }) => name.startsWith('answers nothing') && name.includes('after-reload-open-connection'));

  expect(row).toMatchObject({ status: 'skipped', result: expect.stringContaining('give exchange, the bytes that it answers') });
});

describe('what keeps a suite from starting is said once, with its code', () => {
  test.for([
    ['does not start', 'Cannot start the server under test: start threw "no port"; '],
    ['never starts', 'Cannot start the server under test: start or target did not settle within "1000" ms; '],
    ['over one folder > the second', 'it already exists; choose another place'],
  ] as const)('where it is %s', ([name, message]) => {
    expect(printed).toContain(message);
    expect(of(name).filter((row) => row.startsWith('passed'))).toEqual([]);
    expect(of(name).length).toBeGreaterThan(3);
  });

  test('the suite that has the folder goes on, and the other starts nothing', () => {
    expect(of('over one folder > the first').filter((row) => !row.startsWith('passed'))).toEqual([]);
    expect(printed).not.toContain('it was started');
  });
});

describe('options that cannot be are one line with a code, before a suite is defined', () => {
  const start = (): Promise<never> => Promise.reject(new Error('started'));

  test.for([
    [{ start: 'a server' }, {}, /^Cannot use start "string": expected a function/u],
    [{}, {}, /^Cannot use start "undefined": expected a function/u],
    [{ start, reload: 'SIGHUP' }, {}, /^Cannot use reload "string": expected a function/u],
    [{ start, within: '1 s' }, {}, /^Cannot use within "1 s": expected a positive number of milliseconds/u],
    [{ start, within: Number.NaN }, {}, /^Cannot use within "NaN"/u],
    [{ start, relaod: start }, {}, /did you mean "reload"/u],
    [{ start, target: { host: 'localhost', port: 1 } }, {}, /the files have to be written before the server reads them/u],
    [{ start }, { layout: 'kubernets' }, /^Cannot use layout "kubernets": expected one of files, kubernetes/u],
    [{ start }, { version: 'TLSv1.1' }, /^Cannot use version "TLSv1.1"/u],
    [{ start }, { exchange: '' }, /^Cannot use exchange ""/u],
    [{ start }, { login: 1 }, /^Cannot use login "1"/u],
    [{ start }, { within: 1000 }, /within beside start and reload/u],
    [{ start }, { pki: 'mine' }, /^Cannot use pki "string"/u],
  ] as const)('%j with %j', ([source, options, message]) => {
    const define = (): void => describeReloadUnderTest('never defined', source as never, options as never); // as JavaScript may

    expect(define).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }));
  });
});
