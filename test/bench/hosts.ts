import { createPki, startHttpsServer } from '../../src/index.ts';
import type { HostsUnderTest } from '../../src/scenarios/run/hosts-under-test.ts';
import { planSuite } from '../../src/vitest/suites/scenario-suite.ts';
import { serverEnd } from '../../src/vitest/suites/server-suite.ts';
import type { EndUnderTest, PlannedTest } from '../../src/vitest/suites/suite-plan.ts';
import { medianTimes, timedByProcessor } from './measure.ts';
import type { Goal } from './section.ts';

const pki = createPki({ name: 'default' });
const hosts: HostsUnderTest = { 'admin.test': { pki: createPki({ name: 'admins' }) } };

/** The tests of `core` of a server with a default and a host of another PKI, against those of a server with a default alone. */
export async function twoHostsBesideOne(): Promise<Goal> {
  await runSuite();
  const candidates = [timedByProcessor(() => runSuite(hosts)), timedByProcessor(() => runSuite())];
  const [two = 0, one = 0] = await medianTimes(candidates, { rounds: 5, turnMs: 0 });
  return {
    what: 'a suite of the tier core in both versions of TLS: a server with two hosts (its default and a named one), against one host, by processor time',
    ours: two,
    other: one,
    unit: 'ms',
    ratio: two / one,
    goal: 2.2,
    better: 'lower',
  };
}

/** What `describeServerUnderTest` runs, in the same order and as many at a time as Vitest by default. */
async function runSuite(named?: HostsUnderTest): Promise<void> {
  const start = {
    start: (configuration: Parameters<typeof startHttpsServer>[1]) =>
      startHttpsServer((_request, response) => response.end(), configuration),
  };
  const server = serverEnd('bench', start, { pki, ...(named && { hosts: named }) });
  await server.open();
  try {
    for (const end of [server, ...server.atHosts]) await runEnd(end);
  } finally {
    await server.close();
  }
}

async function runEnd(end: EndUnderTest): Promise<void> {
  for (const { version, control, scenarios, lastControl } of await planSuite(end, { tiers: ['core'] })) {
    const { status, message } = await control.run();
    if (status !== 'as-expected') throw new Error(`${version}: ${message}`);
    await inParallel(scenarios);
    await lastControl?.run();
  }
}

async function inParallel(tests: readonly PlannedTest[]): Promise<void> {
  const queue = [...tests];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { status, message } = await next.run();
      if (status === 'unexpected') throw new Error(message);
    }
  };
  await Promise.all(Array.from({ length: vitestConcurrency }, worker));
}

/** `maxConcurrency` of Vitest. */
const vitestConcurrency = 5;
