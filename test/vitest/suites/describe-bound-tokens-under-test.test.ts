import { beforeAll, describe, expect, test } from 'vitest';
import { describeBoundTokensUnderTest } from '../../../src/vitest/index.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';
import { rowsIn } from '../suite-rows.ts';

let tests: readonly SuiteTest[] = [];
const { rowsOf, of, failuresOf } = rowsIn(() => tests);
beforeAll(async () => {
  tests = await runSuites('bound-tokens.suite.ts', ['--hookTimeout=5000']);
});

test('a correct resource server passes the scenarios that were asked for, between two controls', () => {
  expect(of('correct')).toEqual([
    "passed accepts a client's own token, and none without a token (control)",
    'passed refuses a token that is bound to another certificate of the same name, with another key [bound-token-of-another-key]',
    'skipped refuses a token whose thumbprint was replaced, with the signature of before [bound-token-rebound]',
    "passed accepts a client's own token, and none without a token, after all of these",
  ]);
});

test('what the user expects stands above what the scenario says', () => {
  expect(failuresOf('is expected to accept')).toEqual([
    expect.stringContaining('bound-token-of-another-key (TLSv1.3): expected accepted, but it was refused with status 401'),
  ]);
});

describe('what cannot be tried with a resource server is skipped, and says why', () => {
  test.for([
    ['opaque tokens', 'bound-token-rebound', 'are not signed JWTs'],
    ['issues bound tokens alone', 'bound-token-unbound', 'issueToken threw "no cnf"'],
    ['ends TLS itself', 'bound-token-shared-connection', 'the resource server ends TLS itself'],
    ['does not know another name', 'bound-token-of-another-client', 'does not accept this client with its own token either'],
  ] as const)('%s: %s', ([suite, id, reason]) => {
    const row = rowsOf(suite).find(({ name }) => name.includes(`[${id}]`));

    expect(row).toMatchObject({ status: 'skipped', result: expect.stringContaining(reason) });
    expect(failuresOf(suite)).toEqual([]);
  });
});

describe('a control that fails is said once, and nothing else is judged', () => {
  test.for([
    ['accepts every client', 'a request without a token: expected rejected by the server, but it was accepted with status 204'],
    ['refuses every client', 'bound to the certificate of its client: expected accepted, but it was refused with status 403'],
    ['issues no token', 'issueToken threw "no key"'],
    ['issues what is none', 'Cannot use result of issueToken "two words": expected an access token'],
    ['is not there', 'Cannot connect to "127.0.0.1:1": ECONNREFUSED'],
  ] as const)('%s', ([suite, message]) => {
    expect(failuresOf(suite)).toEqual([expect.stringContaining(message)]);
    expect(of(suite).filter((row) => row.startsWith('passed'))).toEqual([]);
  });
});

test('a status that is neither of success nor among the refusals fails the scenario', () => {
  expect(failuresOf('fails')).toEqual([
    expect.stringContaining('a request without a token: expected rejected by the server, but neither accepted nor refused: status 500'),
  ]);
  expect(failuresOf('refuses by 404')).toEqual([]);
});

describe('options that cannot be are one line with a code, before a suite is defined', () => {
  const start = (): Promise<never> => Promise.reject(new Error('started'));
  const issueToken = (): string => 'token';

  test.for([
    [{ start }, {}, /^Cannot use issueToken "undefined": expected a function/u],
    [{ issueToken }, {}, /^Cannot use start and target "neither"/u],
    [{ start, issueToken, target: { host: 'localhost', port: 1 } }, {}, /^Cannot use start and target "both"/u],
    [{ target: 'https://localhost', issueToken }, {}, /^Cannot use target "string": expected an ObservedServer or \{ host, port \}/u],
    [{ start, issueToken, format: 'ngnix' }, {}, /^Cannot use format "ngnix"/u],
    [{ start, issueTokens: issueToken, issueToken }, {}, /did you mean "issueToken"/u],
    [{ start, issueToken }, { refusals: [] }, /^Cannot use refusals/u],
    [{ start, issueToken }, { version: 'TLSv1.1' }, /^Cannot use version "TLSv1.1"/u],
    [{ start, issueToken }, { authorizes: { commonName: 'client' } }, /a resource server authorizes by the token/u],
    [{ start, issueToken }, { pki: 'mine' }, /^Cannot use pki "string"/u],
  ] as const)('%j with %j', ([source, options, message]) => {
    const define = (): void => describeBoundTokensUnderTest('never defined', source as never, options as never); // as JavaScript may

    expect(define).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }));
  });
});
