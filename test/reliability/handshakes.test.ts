import { describe, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, type ObservedServer } from '../../src/index.ts';
import { mixedCases } from './credentials.ts';
import { inParallel } from './in-parallel.ts';
import { growthPerStep, usedMemory } from './memory.ts';
import { serverKinds } from './servers.ts';
import { patience, sized } from './size.ts';

/** Memory grows while programs are compiled and the last 256 handshakes are remembered for `toFailHandshake`: what is measured comes after that. */
const warmUp = 300;
const samples = 8;
const perSample = sized({ sample: 25, soak: 600 }); // with the warm-up, for four kinds of server: 20,400 handshakes

describe('good and bad clients of one process, in turns one after another and many at once', { timeout: patience }, () => {
  test.for(serverKinds)('are each judged as they are, recorded once, and leave nothing behind (%s)', async ([, start]) => {
    const pki = createPki();
    const caseOf = mixedCases(pki);
    await usedMemory();
    const before = openResources();
    const server = await start(pki, { maxHandshakes: 50 });
    const listeners = listenersOf(server);
    const recorded: string[] = [];
    const wanted: string[] = [];
    const used: number[] = [];
    let inTurn = true;

    const connect = async (first: number, count: number, atOnce: number): Promise<void> =>
      inParallel(count, atOnce, async (step) => {
        const { options, expected, commonName } = caseOf(first + step);
        const handshake = await attemptHandshake(server, options);
        const record = await server.nextHandshake();

        expect(handshake).toMatchObject(expected);
        inTurn &&= atOnce > 1 || record.clientCertificate?.commonName === commonName;
        recorded.push(summaryOf(record));
        wanted.push(`${commonName} ${expected.verdict} ${expected.rejectedBy} ${expected.reason}`);
      });
    await connect(0, warmUp, 16);
    for (let sample = 0; sample < samples; sample += 1) {
      await connect(warmUp + sample * perSample, perSample, sample % 2 === 0 ? 1 : 16);
      used.push(await usedMemory());
    }

    expect(inTurn).toBe(true);
    expect(recorded.toSorted()).toEqual(wanted.toSorted());
    await expect(server.nextHandshake({ timeout: 1 })).rejects.toMatchObject({ code: 'NO_HANDSHAKE', facts: { seen: wanted.length } });
    expect(growthPerStep(used, perSample)).toBeLessThan(mostGrowth);
    expect(listenersOf(server)).toEqual(listeners);
    await server.close();
    await usedMemory(); // the last sockets are let go
    expect(await leftOpen(before)).toEqual([]);
  });

  test('a server that forgets nothing is seen to grow, so that one that leaks would be', async () => {
    const pki = createPki();
    await using server = await serverKinds[0][1](pki);
    const caseOf = mixedCases(pki);
    const used: number[] = [];
    const connect = (count: number): Promise<void> =>
      inParallel(count, 16, async (step) => void (await attemptHandshake(server, caseOf(step).options)));

    await connect(warmUp);
    for (let sample = 0; sample < samples; sample += 1) {
      await connect(25);
      used.push(await usedMemory());
    }

    expect(growthPerStep(used, 25)).toBeGreaterThan(mostGrowth);
  });
});

/** What is open beside what was before, once callbacks of this moment have run: bounded, for what stays open does so for good. */
async function leftOpen(before: readonly string[]): Promise<string[]> {
  let left: string[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    left = openResources().filter((name) => !before.includes(name));
    if (left.length === 0) break;
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  return left;
}

/** What keeps a process alive, but for the pipes of the test runner. */
function openResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== 'PipeWrap')
    .toSorted();
}

function summaryOf({ clientCertificate, verdict, rejectedBy, reason }: Handshake): string {
  return `${clientCertificate?.commonName} ${verdict} ${rejectedBy} ${reason}`;
}

/** How many listeners each event of the server has. */
function listenersOf({ server }: ObservedServer): Readonly<Record<string, number>> {
  return Object.fromEntries(server.eventNames().map((name) => [String(name), server.listenerCount(name)]));
}

/** Octets for each handshake; a record that is kept takes 20,000. */
const mostGrowth = 4000;
