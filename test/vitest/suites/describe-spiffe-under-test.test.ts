import { beforeAll, describe, expect, test } from 'vitest';
import { describeSpiffeUnderTest } from '../../../src/vitest/index.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';
import { rowsIn } from '../suite-rows.ts';

let tests: readonly SuiteTest[] = [];
const { rowsOf, of, failuresOf } = rowsIn(() => tests);
beforeAll(async () => {
  tests = await runSuites('spiffe.suite.ts', ['--hookTimeout=5000']);
});

test('a correct service passes the scenarios that were asked for, between two controls', () => {
  expect(of('correct')).toEqual([
    'passed accepts the authorized clients by the SVID of the Workload API, and no other (control)',
    'passed refuses another workload of the trust domain [workload-other-id]',
    'skipped accepts the authorized client, by an SVID that was issued anew [workload-rotated]',
    'passed accepts the authorized clients by the SVID of the Workload API, and no other, after all of these',
  ]);
});

test('the Workload API may listen on TCP', () => {
  expect(failuresOf('over TCP')).toEqual([]);
  expect(of('over TCP').filter((row) => row.startsWith('passed'))).toHaveLength(4);
});

test('what the user expects stands above what the scenario says', () => {
  expect(failuresOf('is expected to accept')).toEqual([
    expect.stringContaining('workload-other-id (TLSv1.3): expected accepted, but it was refused with status 403'),
  ]);
});

test('a service that keeps its first SVID fails the scenario, which names both certificates', () => {
  expect(failuresOf('keeps the first SVID')).toEqual([
    expect.stringMatching(
      /workload-rotated \(TLSv1\.3\): 1500 ms after the Workload API delivered the SVID [\dA-F]+, it presents the certificate [\dA-F]+/u,
    ),
  ]);
});

test('a service that does not verify tokens fails the scenario about them', () => {
  expect(failuresOf('does not verify tokens')).toEqual([
    expect.stringContaining('workload-jwt-expired (TLSv1.3): expected rejected by the server, but it was answered with status 200'),
  ]);
  expect(of('does not verify tokens')).toContainEqual(expect.stringMatching(/^passed .*\[workload-jwt\]$/u));
});

test('a token is refused by a status alone', () => {
  expect(failuresOf('hangs up on expired tokens')).toEqual([
    expect.stringContaining('workload-jwt-expired (TLSv1.3): not judged: the request was not answered with a status'),
  ]);
});

describe('what cannot be tried with a service is skipped, and says why', () => {
  test.for([
    ['authorizes one trust domain', 'workload-federated', 'authorizes no workload of another trust domain'],
    ['asks for no token', 'workload-jwt-expired', 'authenticates no request by a JWT-SVID'],
    ['has an id without letters', 'workload-id-other-case', 'of the id that the service authorizes there is no such other'],
  ] as const)('%s: %s', ([suite, id, reason]) => {
    const row = rowsOf(suite).find(({ name }) => name.includes(`[${id}]`));

    expect(row).toMatchObject({ status: 'skipped', result: expect.stringContaining(reason) });
    expect(failuresOf(suite)).toEqual([]);
  });
});

describe('a control that fails is said once, and nothing else is judged', () => {
  test.for([
    ['accepts every client', 'a client without certificate: expected rejected by the server, but it was answered with status 200'],
    ['refuses every client', 'the authorized client URI:spiffe://example.test/shop: expected accepted, but it was refused with status 403'],
    ['is not there', 'it performs no handshake'],
  ] as const)('%s', ([suite, message]) => {
    expect(failuresOf(suite)).toEqual([expect.stringContaining(message)]);
    expect(of(suite).filter((row) => row.startsWith('passed'))).toEqual([]);
  });
});

describe('options that cannot be are one line with a code, before a suite is defined', () => {
  const start = (): Promise<never> => Promise.reject(new Error('started'));
  const authorizes = 'spiffe://example.test/shop';

  test.for([
    [{ authorizes }, {}, 'OPTION_INVALID', /^Cannot use start "undefined": expected a function/u],
    [{ start }, {}, 'NAME_INVALID', /SPIFFE id/u],
    [{ start, authorizes: 'https://example.test/shop' }, {}, 'NAME_INVALID', /SPIFFE id/u],
    [{ start, authorizes: [authorizes, 'spiffe://example.test/other'] }, {}, 'OPTION_INVALID', /another trust domain than the first/u],
    [{ start, authorizes: [] }, {}, 'OPTION_INVALID', /one SPIFFE id, or a second one/u],
    [{ start, authorizes, id: 'spiffe://other.test/service' }, {}, 'OPTION_INVALID', /of the trust domain of the first authorized one/u],
    [
      { start, authorizes, target: { host: 'localhost', port: 1 } },
      {},
      'OPTION_INVALID',
      /the Workload API has to run before the service/u,
    ],
    [{ start, authorizes }, { refusals: [] }, 'OPTION_INVALID', /^Cannot use refusals/u],
    [{ start, authorizes }, { version: 'TLSv1.1' }, 'OPTION_INVALID', /^Cannot use version "TLSv1.1"/u],
    [{ start, authorizes }, { authorizes }, 'OPTION_INVALID', /authorizes beside start/u],
    [{ start, authorizes, jwt: {} }, {}, 'OPTION_INVALID', /audience/u],
    [{ start, authorizes, jwt: { audience: 'billing' } }, { exchange: 'PING' }, 'OPTION_INVALID', /^Cannot use exchange "PING"/u],
    [{ start, authorizes }, { exchange: 7 }, 'OPTION_INVALID', /^Cannot use exchange/u],
  ] as const)('%j with %j', ([source, options, code, message]) => {
    const define = (): void => describeSpiffeUnderTest('never defined', source as never, options as never); // as JavaScript may

    expect(define).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
