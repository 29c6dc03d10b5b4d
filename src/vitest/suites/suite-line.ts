import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';

/**
 * The line of the test file that defines a suite, where `mtls-fixtures/reporter` finds it: Vitest's own locations are switched off by default, and the failures of a suite have no
 * stack. An object without known members: Vitest's type of it is for those who add to it.
 */
export function lineInTestFile(): object {
  const { testPath } = expect.getState();
  const line = testPath === undefined ? undefined : lineOf(testPath, stackHere());
  return line === undefined ? {} : { mtlsFixturesLine: line };
}

function stackHere(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 30; // a helper of the user's may stand between
  const { stack = '' } = new Error('where a suite is defined');
  Error.stackTraceLimit = limit;
  return stack;
}

function lineOf(file: string, stack: string): number | undefined {
  for (const frame of stack.split('\n'))
    for (const place of [`${file}:`, `${pathToFileURL(file).href}:`]) {
      const [, after] = frame.split(place);
      const line = after === undefined ? undefined : /^\d+/u.exec(after)?.[0];
      if (line !== undefined) return Number(line);
    }
  return undefined;
}
