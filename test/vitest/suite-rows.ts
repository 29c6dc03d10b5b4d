import type { SuiteTest } from './run-suites.ts';

/** What a run of suites says of one of them. */
export interface SuiteRows {
  readonly rowsOf: (suite: string) => readonly SuiteTest[];
  /** Status and name of each test. */
  readonly of: (suite: string) => readonly string[];
  /** The messages of those that failed. */
  readonly failuresOf: (suite: string) => readonly string[];
}

/** The tests of a run by the name of their suite; `tests` is asked once they have run. */
export function rowsIn(tests: () => readonly SuiteTest[]): SuiteRows {
  const rowsOf = (suite: string): readonly SuiteTest[] => tests().filter(({ name }) => name.startsWith(`${suite} > `));
  return {
    rowsOf,
    of: (suite) => rowsOf(suite).map(({ name, status }) => `${status} ${name.split(' > ').at(-1)}`),
    failuresOf: (suite) => rowsOf(suite).flatMap(({ status, message }) => (status === 'failed' ? [message] : [])),
  };
}
