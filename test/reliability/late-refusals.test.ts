import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki } from '../../src/index.ts';
import { startDelayLine } from '../interop/delay-line.ts';
import { describeWithLateServers, type LateBehavior, startLateServer } from '../interop/late-server.ts';
import { inParallel } from './in-parallel.ts';
import { patience, sized } from './size.ts';

const pki = createPki();
const expired = pki.client('bob', { notAfter: new Date(0) });
const good = pki.client('alice');
const runs = sized({ sample: 8, soak: 60 });
const delays = sized({ sample: 1, soak: 0 }) === 1 ? [0, 100] : [0, 5, 15, 30, 100, 200];
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describeWithLateServers()(
  'servers that verify after the handshake, eight clients at once beside two busy processors',
  { timeout: patience },
  () => {
    const behaviors = (['openssl', 'gnutls'] as const).flatMap((stack) =>
      (['alert', 'close'] as const).flatMap((how) =>
        [true, false].flatMap((tickets) => delays.map((delay): LateBehavior => ({ stack, how, tickets, delay }))),
      ),
    );

    test.for(behaviors)('are seen to refuse each time: $stack, $how after $delay ms, tickets $tickets', async (behavior) => {
      await using server = await startLateServer(pki, behavior);
      await burnProcessors(2);
      const seen = new Map<string, number>();

      for (const version of versions)
        await inParallel(runs, 8, async () => {
          const {
            verdict,
            rejectedBy = '',
            evidence,
          } = await attemptHandshake(server, { identity: expired, minVersion: version, maxVersion: version });
          const kind = evidence === 'reset' ? 'closed' : evidence;
          seen.set(`${version} ${verdict} ${rejectedBy} ${kind}`, (seen.get(`${version} ${verdict} ${rejectedBy} ${kind}`) ?? 0) + 1);
        });

      const evidence = behavior.how === 'alert' ? 'alert' : 'closed';
      expect(Object.fromEntries(seen)).toEqual(
        Object.fromEntries(versions.map((version) => [`${version} rejected server ${evidence}`, runs])),
      );
    });
  },
);

describeWithLateServers()('a server that is 1.2 s away, where one of twenty segments comes late', { timeout: patience }, () => {
  test('is judged rightly by good and expired clients', async () => {
    await using server = await startLateServer(pki, { stack: 'openssl', how: 'alert', tickets: true, delay: 300 });
    await using line = await startDelayLine(server.port, { delay: 600, lateOneOf: 20 });
    const target = { host: '127.0.0.1', port: line.port, servername: 'localhost' };
    const count = sized({ sample: 12, soak: 100 });
    const wrong: string[] = [];

    await inParallel(count, 25, async (index) => {
      const version = versions[index % 2] ?? 'TLSv1.3';
      const isGood = index % 4 < 2;
      const handshake = await attemptHandshake(target, {
        identity: isGood ? good : expired,
        minVersion: version,
        maxVersion: version,
        timeout: 60_000,
      });
      if (handshake.verdict !== (isGood ? 'accepted' : 'rejected'))
        wrong.push(`${version} ${isGood ? 'good' : 'expired'}: ${handshake.explain()}`);
    });

    expect(wrong).toEqual([]);
  });
});

/** Threads that do nothing but compute, until the test is over. */
async function burnProcessors(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(0); for (;;) Math.sqrt(2);', { eval: true });
    onTestFinished(async () => void (await worker.terminate()));
    await once(worker, 'message');
  }
}
