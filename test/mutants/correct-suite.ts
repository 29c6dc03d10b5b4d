import { afterAll, beforeAll, describe, expect, type RunnerTask, test } from 'vitest';
import type { Pki } from '../../src/index.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../src/vitest/index.ts';
import { clientEnd } from '../../src/vitest/suites/client-suite.ts';
import { serverEnd } from '../../src/vitest/suites/server-suite.ts';
import { clientSettingsOf, idsFor, settingsOf, sourceOf } from './judge.ts';
import type { ClientUse, ServerUse, Subject } from './mutant.ts';

/** Defines the suite of a correct server, a test for each scenario. */
export function describeCorrectServer(subject: Subject<ServerUse>, pki: Pki): void {
  describe.for([subject])('$name', ({ name }) => {
    const { source, open, close } = sourceOf(subject, pki, subject.hosts);
    beforeAll(open);
    afterAll(close);
    const { hosts } = subject;
    const only = idsFor(subject, serverEnd(name, source, { pki }).scenarios);

    describeServerUnderTest('raises no alarm', source, { pki, only, ...settingsOf(subject), ...(hosts && { hosts }) });
    testCoverage(subject);
  });
}

/** Defines the suite of a correct client, a test for each scenario. */
export function describeCorrectClient(subject: Subject<ClientUse>, pki: Pki): void {
  describe.for([subject])('$name', ({ name, call }) => {
    const only = idsFor(subject, clientEnd(name, call, { pki }).scenarios);

    describeClientUnderTest('raises no alarm', call, { pki, only, ...clientSettingsOf(subject) });
    testCoverage(subject);
  });
}

/** A suite that skips everything raises no alarm either. */
function testCoverage({ authorizes }: Subject<object>): void {
  test('most of its tests were run, and passed', ({ task }) => {
    const others = testsIn(task.suite?.tasks ?? []).filter((other) => other !== task);
    const passed = others.filter(({ result }) => result?.state === 'pass');

    expect(passed.length).toBeGreaterThan(authorizes ? 2 : others.length / 2); // the two controls pass in any case
  });
}

function testsIn(tasks: readonly RunnerTask[]): readonly RunnerTask[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task.tasks) : [task]));
}
