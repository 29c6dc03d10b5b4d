import { expect, test } from 'vitest';
import { MtlsReporter, type MtlsReporterOptions } from '../../src/report/index.ts';

test.for([
  [{ outputFile: '' }, 'outputFile'],
  [{ jsonFile: true }, 'jsonFile'],
  [{ summary: 'no' }, 'summary'],
  [{ baseline: '' }, 'baseline'],
  [{ captures: true }, 'captures'],
  [{ captureSecrets: 'yes' }, 'captureSecrets'],
  [{ output: 'x.html' }, 'output'],
  [{ github: 'yes' }, 'github'],
  [{ junitFile: '' }, 'junitFile'],
  [{ ctrfFile: 7 }, 'ctrfFile'],
  [{ jsonFile: 'reports/a', sarifFile: './reports/a' }, 'another file than that of jsonFile'],
] as const)('options %o are rejected', ([options, named]) => {
  const wrong: object = options; // what JavaScript callers may give

  expect(() => new MtlsReporter(wrong as MtlsReporterOptions)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  expect(() => new MtlsReporter(wrong as MtlsReporterOptions)).toThrow(named);
});

test('options are accepted, and none are needed', () => {
  expect(() => new MtlsReporter({ github: true, junitFile: 'a.xml', ctrfFile: 'ctrf.json', sarifFile: 'a.sarif' })).not.toThrow();
  expect(
    () =>
      new MtlsReporter({
        outputFile: 'a.html',
        jsonFile: 'a.json',
        baseline: 'b.json',
        captures: 'all',
        captureSecrets: true,
        summary: false,
      }),
  ).not.toThrow();
  expect(() => new MtlsReporter()).not.toThrow();
});
