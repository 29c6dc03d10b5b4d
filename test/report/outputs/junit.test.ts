import { expect, test } from 'vitest';
import { junitXml } from '../../../src/report/outputs/junit.ts';
import { elementsIn, parseXml } from './parse-xml.ts';
import { hostile, refusedControl, sampleFinding, sampleReport, sampleResult, sampleTarget } from './sample-report.ts';

const report = sampleReport(
  sampleTarget([
    sampleResult(),
    sampleFinding({ version: 'TLSv1.2' }),
    sampleResult({ id: 'unknown-ca', status: 'skipped', message: 'known, see #12' }),
    sampleResult({ id: 'wrong-host', status: 'not-judged', message: 'not judged: the valid client was refused' }),
  ]),
  sampleTarget([refusedControl()], { name: 'database', file: 'test/database.test.ts' }),
);

test('each target and version is a suite, with its counts; the totals are those of all', () => {
  const { attributes, children } = parseXml(junitXml(report));

  expect(attributes).toEqual({ name: 'mtls-fixtures', time: '1.500', tests: '5', failures: '2', errors: '1' });
  expect(children.map((suite) => suite.attributes)).toMatchObject([
    { name: 'api (TLS 1.3)', tests: '3', failures: '0', errors: '1', skipped: '1', file: 'test/api.test.ts', time: '0.037' },
    { name: 'api (TLS 1.2)', tests: '1', failures: '1', errors: '0', skipped: '0' },
    { name: 'database (TLS 1.3)', tests: '1', failures: '1', errors: '0', skipped: '0' },
  ]);
});

test('unexpected is a failure of its severity, not judged an error, skipped is skipped with the reason', () => {
  const elements = elementsIn(parseXml(junitXml(report)));

  expect(elements.filter(({ parent }) => parent === 'testcase').map(({ name, attributes }) => [name, attributes])).toEqual([
    ['skipped', { message: 'known, see #12' }],
    ['error', { type: 'not-judged', message: 'not judged: the valid client was refused' }],
    ['failure', { type: 'high', message: 'expected rejected by the server with CERT_HAS_EXPIRED, but it was accepted' }],
    ['failure', { type: 'informational', message: 'the valid client was refused' }],
  ]);
  expect(elements.find(({ name }) => name === 'testcase')).toMatchObject({
    attributes: { name: 'an expired leaf [expired-leaf]', classname: 'api (TLS 1.3)', time: '0.012' },
    children: [],
  });
});

// What Jenkins' junit-10.xsd allows: elements with their attributes, and the parent of each.
test.for([report, sampleReport(sampleTarget([sampleFinding({ message: hostile, title: hostile })], { name: hostile, file: hostile }))])(
  'elements and attributes are those of the schema, whatever a peer says: %#',
  (each) => {
    const xml = junitXml(each);
    const elements = elementsIn(parseXml(xml));

    expect(elements.length).toBeGreaterThan(2);
    for (const { name, parent, attributes } of elements) {
      const allowed = schema[name] ?? { parent: 'nothing', required: [], optional: [] };
      const names = Object.keys(attributes);
      expect(parent).toBe(allowed.parent);
      expect(allowed.required.filter((required) => !names.includes(required))).toEqual([]);
      expect(names.filter((given) => ![...allowed.required, ...allowed.optional].includes(given))).toEqual([]);
      expect(attributes['time'] ?? '').toMatch(/^\d*(?:\.\d{0,3})?$/u);
    }
    // XML 1.0 cannot contain them, not even as references.
    expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|&#(?:0|27|x)/u);
  },
);

const schema: Readonly<
  Record<string, { readonly parent: string; readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  testsuites: { parent: '', required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'] },
  testsuite: {
    parent: 'testsuites',
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['skipped', 'time', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url', 'version', 'group'],
  },
  testcase: { parent: 'testsuite', required: ['name'], optional: ['time', 'classname', 'group'] },
  failure: { parent: 'testcase', required: [], optional: ['type', 'message'] },
  error: { parent: 'testcase', required: [], optional: ['type', 'message'] },
  skipped: { parent: 'testcase', required: [], optional: ['type', 'message'] },
};

test('a control character in text is shown by its number', () => {
  const xml = junitXml(sampleReport(sampleTarget([sampleFinding({ message: 'seen: \u{1b}[31mred' })])));

  const failure = elementsIn(parseXml(xml)).find(({ name }) => name === 'failure');
  expect(failure?.text).toContain(String.raw`seen: \u{1b}[31mred`);
});
