import type { TestCase, TestModule } from 'vitest/node';
import type { AssertionRecord, AssertionRecords } from '../../scenarios/records/assertion-record.ts';
import type { ReportAssertion, ReportHandshake } from '../report.ts';

/**
 * What tests asserted on handshakes by the matchers. Of a test that was retried, its last run. Failed assertions of a test that passed are left out: it polled, or caught
 * the failure on purpose.
 */
export function assertionsIn(
  testCases: readonly TestCase[],
  handshakeOf: (handshake: NonNullable<AssertionRecord['handshake']>) => ReportHandshake,
): readonly ReportAssertion[] {
  return testCases
    .flatMap((testCase) => {
      const records = recordsOf(testCase)?.assertions ?? [];
      const last = Math.max(0, ...records.map(({ attempt }) => attempt));
      const hasPassed = testCase.result().state === 'passed';
      return records
        .filter(({ attempt, status }) => attempt === last && !(hasPassed && status !== 'as-expected'))
        .map((record, place) => assertionOf(testCase, record, { place, handshakeOf }));
    })
    .toSorted((one, other) => Number(one.file > other.file) - Number(one.file < other.file)); // those of a file keep their order
}

/** How many assertions were not recorded. */
export function omittedIn(testCases: readonly TestCase[]): number {
  return testCases.reduce((sum, testCase) => sum + (recordsOf(testCase)?.omitted ?? 0), 0);
}

function recordsOf(testCase: TestCase): AssertionRecords | undefined {
  const { mtlsFixturesAssertions: records } = testCase.meta() as { readonly mtlsFixturesAssertions?: AssertionRecords }; // the matchers leave it there
  return records?.schema === 1 ? records : undefined; // another version of this library has written another
}

function assertionOf(
  testCase: TestCase,
  { attempt: _attempt, handshake, ...record }: AssertionRecord,
  {
    place,
    handshakeOf,
  }: { readonly place: number; readonly handshakeOf: (handshake: NonNullable<AssertionRecord['handshake']>) => ReportHandshake },
): ReportAssertion {
  const { module, project, fullName: test } = testCase;
  const { __vitest_label__: label } = module.meta();
  const file = module.relativeModuleId;
  const marks = [project.name, label ?? ''].filter(Boolean).map((mark) => ` [${mark}]`);
  return {
    key: `assertion:${file}${marks.join('')}/${test}/${place + 1}`,
    file,
    ...placeOf(module, label),
    test,
    ...record,
    ...(handshake && { handshake: handshakeOf(handshake) }),
  };
}

function placeOf({ project }: TestModule, label: string | undefined): Pick<ReportAssertion, 'project' | 'label'> {
  return { ...(project.name !== '' && { project: project.name }), ...(label !== undefined && { label }) };
}
