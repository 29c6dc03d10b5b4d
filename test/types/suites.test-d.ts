// Checked by `npm run types`, never run. A line below `@ts-expect-error` must not compile: if it does, tsc fails.
import type { ObservedServer } from '../../src/index.ts';
import { describeClientUnderTest, describeServerUnderTest, type ServerUnderTestSource } from '../../src/vitest/index.ts';

declare const server: ObservedServer;
const start = (): ObservedServer => server;
const attempt = async (): Promise<void> => {};

/** A suite has one source, and takes options of its own kind. */
export function suites(): void {
  describeServerUnderTest('started', { start });
  describeServerUnderTest('running', { target: server });
  describeServerUnderTest('running later', { target: () => server });
  describeServerUnderTest('used', { attempt });
  // @ts-expect-error: two sources
  describeServerUnderTest('started and running', { start, target: server });
  // @ts-expect-error: two sources
  describeServerUnderTest('started and used', { start, attempt });
  // @ts-expect-error: two sources
  describeServerUnderTest('running and used', { target: server, attempt });
  // @ts-expect-error: no source
  describeServerUnderTest('nothing', {});
  // @ts-expect-error: the source is an object
  describeServerUnderTest('a function alone', start);
  // @ts-expect-error: no such version
  describeServerUnderTest('old', { start }, { versions: ['TLSv1.1'] });
  // @ts-expect-error: for clients under test
  describeServerUnderTest('peer', { start }, { startPeer: start });
  // @ts-expect-error: a reason for each
  describeClientUnderTest('skips', attempt, { skip: ['expired-leaf'] });
}

/** A source that was made elsewhere is used without narrowing by `in`. */
export function hasStart({ start: started }: ServerUnderTestSource): boolean {
  return started !== undefined;
}
