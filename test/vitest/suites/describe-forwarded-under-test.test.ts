import { beforeAll, describe, expect, test } from 'vitest';
import { describeForwardedUnderTest } from '../../../src/vitest/index.ts';
import { runSuites, type SuiteTest } from '../run-suites.ts';
import { rowsIn } from '../suite-rows.ts';

let tests: readonly SuiteTest[] = [];
const { rowsOf, of, failuresOf } = rowsIn(() => tests);
beforeAll(async () => {
  tests = await runSuites('forwarded.suite.ts');
});

test('a correct application passes what it can be tried with, between two controls', () => {
  const rows = of('correct');

  expect(rows.filter((row) => row.startsWith('failed'))).toEqual([]);
  expect(rows.filter((row) => row.startsWith('passed')).length).toBeGreaterThan(50);
  expect(rows[0]).toBe('passed accepts the authorized client, and no request without the header (control)');
  expect(rows.at(-1)).toBe('passed accepts the authorized client, and no request without the header, after all of these');
});

test('what cannot be tried is skipped, with what it would need', () => {
  const skipped = rowsOf('correct').filter(({ status }) => status === 'skipped');

  expect(skipped.map(({ name }) => idIn(name))).toEqual([
    'forwarded-direct',
    'forwarded-certificate-expired',
    'forwarded-certificate-not-yet-valid',
    'forwarded-certificate-of-impostor',
    'forwarded-certificate-of-other-ca',
    'forwarded-certificate-self-signed',
    'forwarded-certificate-signature-forged',
    'forwarded-certificate-for-servers',
    'forwarded-certificate-of-ca',
    'forwarded-keep-alive-http10',
  ]);
  expect(skipped[0]?.result).toContain("give direct, an address that is not the proxy's");
  expect(skipped[1]?.result).toContain('proxyVerifies: false says that it does not');
});

describe('a wrong application is caught by the scenarios about its fault, and by no other', () => {
  test.for<readonly [suite: string, ids: readonly string[]]>([
    [
      'takes the first',
      ['forwarded-doubled-forged-first', 'forwarded-doubled-other-case', 'forwarded-joined-forged-first', 'forwarded-joined-without-blank'],
    ],
    ['remembers connections', ['forwarded-keep-alive-without', 'forwarded-pipelined']],
    [
      'searches the subject',
      [
        'forwarded-name-suffix',
        'forwarded-name-after-comma',
        'forwarded-name-after-slash',
        'forwarded-name-after-plus',
        'forwarded-name-after-semicolon',
        'forwarded-name-after-quote',
        'forwarded-name-after-line',
        'forwarded-doubled-forged-first',
        'forwarded-doubled-other-case',
        'forwarded-joined-forged-first',
        'forwarded-joined-without-blank',
      ],
    ],
    ['believes the header on any port', ['forwarded-direct']],
    ['believes the header on one port', []],
    ['verifies by itself', []],
    [
      'verifies nothing',
      [
        'forwarded-certificate-expired',
        'forwarded-certificate-not-yet-valid',
        'forwarded-certificate-of-impostor',
        'forwarded-certificate-of-other-ca',
        'forwarded-certificate-self-signed',
        'forwarded-certificate-signature-forged',
        'forwarded-certificate-for-servers',
      ],
    ],
    ['relies on the proxy', []],
    ['strips everything', []],
    ['strips one spelling', ['forwarded-through-other-case', 'forwarded-through-underscores']],
    ['strips nothing over HTTP/2', ['forwarded-through-http2', 'forwarded-through-http2-underscores']],
  ])('%s', ([suite, ids]) => {
    const failed = rowsOf(suite).filter(({ status }) => status === 'failed');

    expect(failed.map(({ name }) => idIn(name))).toEqual(ids);
    for (const { message } of failed) expect(message).toContain('expected rejected by the server, but it was accepted with status 200');
    expect(of(suite)[0]).toMatch(/^passed accepts the authorized client/u);
  });
});

test('the message has what was sent, and names the vulnerabilities of the class', () => {
  expect(failuresOf('believes the header on any port')).toEqual([
    expect.stringMatching(
      /^AssertionError: forwarded-direct \(rfc9440\): expected rejected by the server, but it was accepted with status 200\nsent:\n {2}Client-Cert: :MII.{20,140}\.\.\.\n {2}Client-Cert-Chain: .*\nThis is the class of CVE-2024-10039, CVE-2026-35616\./u,
    ),
  ]);
});

test('an application that says who the client is is believed', () => {
  expect(of('says who it is').filter((row) => !row.startsWith('passed'))).toEqual([]);
});

describe('where a control fails, nothing else is judged', () => {
  test.for([
    [
      'accepts every client',
      'nothing else can be judged: a request without the header: expected rejected by the server, but it was accepted with status 200',
      ['forwarded-header-absent'], // which is the control itself
    ],
    [
      'refuses every client',
      'nothing else can be judged: the authorized client: expected accepted, but it was refused with status 403',
      [],
    ],
    [
      'redirects',
      'nothing else can be judged: a request without the header: expected rejected by the server, but neither accepted nor refused: status 302',
      [],
    ],
  ] as const)('%s', ([suite, message, ids]) => {
    const [control, ...scenarios] = rowsOf(suite);

    expect(control?.message).toContain(message);
    expect(scenarios.filter(({ status }) => status === 'failed').map(({ name }) => idIn(name))).toEqual(ids);
    expect(scenarios.filter(({ status }) => status === 'passed')).toEqual([]);
  });
});

test('an error of the application is neither a refusal nor a pass', () => {
  expect(of('answers 500')).toEqual([
    'passed accepts the authorized client, and no request without the header (control)',
    'failed refuses a header that holds no certificate [forwarded-garbage]',
    'passed refuses another client of the same CA [forwarded-other-client]',
    'passed accepts the authorized client, and no request without the header, after all of these',
  ]);
  expect(failuresOf('answers 500')[0]).toContain(
    'with text: expected rejected by the server, but neither accepted nor refused: status 500',
  );
});

test('a scenario is skipped for a reason that is given', () => {
  expect(rowsOf('skips one').find(({ status }) => status === 'skipped')).toMatchObject({ result: 'one port' });
});

describe('options that cannot be are one line with a code, before a suite is defined', () => {
  const start = (): never => {
    throw new Error('started');
  };
  const format = 'rfc9440';
  const target = { host: '127.0.0.1', port: 1 };

  test.for([
    [{ format }, {}, /^Cannot use start and target "neither": expected one of them/u],
    [{ start, target, format }, {}, /^Cannot use start and target "both": expected one of them/u],
    [{ start }, {}, /^Cannot use format "undefined"/u],
    [{ start, format: 'rfc9441' }, {}, /^Cannot use format "rfc9441": expected one of rfc9440, envoy/u],
    [{ start: 'npm start', format }, {}, /^Cannot use start "string": expected a function/u],
    [
      { start, format, names: { certificate: 'Client Cert' } },
      {},
      /^Cannot use names\.certificate "Client Cert": expected the name of a header/u,
    ],
    [{ start, format, names: 'Client-Cert' }, {}, /^Cannot use names "Client-Cert"/u],
    [{ start, format, through: 'gateway' }, {}, /^Cannot use through "gateway": expected one of application, proxy/u],
    [{ start, fromat: format }, {}, /did you mean "format"/u],
    [{ start, format }, { refusals: [] }, /^Cannot use refusals/u],
    [{ start, format }, { refusals: [200] }, /expected a list of statuses from 300 to 599/u],
    [{ start, format }, { identity: 'X-Client' }, /^Cannot use identity "string": expected a function/u],
    [{ start, format }, { proxyVerifies: 'no' }, /^Cannot use proxyVerifies "no": expected true or false/u],
    [{ start, format }, { authorizes: { commonName: 'client' } }, /authorizes beside start or target/u],
    [{ start, format }, { versions: ['TLSv1.3'] }, /what comes to the application is HTTP/u],
    [{ start, format }, { pki: 'mine' }, /^Cannot use pki "string"/u],
  ] as const)('%j with %j', ([source, options, message]) => {
    const define = (): void => describeForwardedUnderTest('never defined', source as never, options as never); // as JavaScript may

    expect(define).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }));
  });
});

function idIn(name: string): string | undefined {
  return /\[([\w-]+)\]$/u.exec(name)?.[1];
}
