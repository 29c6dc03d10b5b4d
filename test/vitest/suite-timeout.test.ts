import { beforeAll, describe, expect, test } from 'vitest';
import { startTlsServer } from '../../src/index.ts';
import { expect as mtlsExpect, test as mtlsTest } from '../../src/vitest/index.ts';
import net from 'node:net';
import { once } from 'node:events';
import type { ObservedServer } from '../../src/handshake/server/observed-server.ts';
import { runSuites, type SuiteTest } from './run-suites.ts';

describe("the suites' timeout holds above Vitest's", () => {
  let tests: readonly SuiteTest[];
  beforeAll(async () => {
    tests = await runSuites('slow.suite.ts', ['--testTimeout=300', '--hookTimeout=300']);
  }, 60_000);
  const of = (name: string): readonly SuiteTest[] => tests.filter((each) => each.name.startsWith(name));

  test('a service that is slower than testTimeout passes', () => {
    expect(of('a slow service').map(({ status, message }) => `${status}${message}`)).toEqual(['passed', 'passed', 'passed']);
  });

  test.for([
    ['a service that never answers', /the attempt did not end within the time limit/u],
    ['a client that never ends', /the call did not end within the time limit/u],
  ] as const)('%s fails with a message of its own', ([name, words]) => {
    const [control, ...others] = of(name);

    expect(control).toMatchObject({ status: 'failed', message: expect.stringMatching(words) });
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'skipped'));
    expect(others.length).toBeGreaterThan(0);
  });

  test('no test is ended by Vitest', () => {
    expect(tests.filter(({ message }) => /timed out in/u.test(message))).toEqual([]);
  });
});

mtlsTest("an attempt that the test's own time cuts short says so", { timeout: 2000 }, async ({ pki, client }) => {
  const silent = net.createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as net.AddressInfo; // it listens on TCP
  await using server = await startTlsServer({ identity: pki.server() });
  const mute: ObservedServer = Object.create(server, { port: { value: port }, host: { value: '127.0.0.1' } }) as ObservedServer; // the same server by another address

  await mtlsExpect(server).toAccept(client);
  await mtlsExpect(mtlsExpect(mute).toAccept(client, { timeout: 60_000 })).rejects.toMatchObject({
    code: 'HANDSHAKE_TIMEOUT',
    message: expect.stringContaining("before the attempt's timeout of 60000 ms"),
  });
  silent.close();
});
