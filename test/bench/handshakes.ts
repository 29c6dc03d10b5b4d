import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createPki, startTlsServer } from '../../src/index.ts';
import { median, medianRatio, timedByProcessor, timesInTurns } from './measure.ts';
import { passThrough } from './pass-through.ts';
import { figure, type Goal, type Section } from './section.ts';

const pki = createPki();
const client = pki.client();

/** Handshakes and bulk data against an observed server, one behind a Duplex that only passes bytes on, and a bare one, in turns. */
export async function handshakes(): Promise<Section> {
  const bare = await listen(createServer());
  const floor = await listen(passThrough(createServer()));
  const started = await startTlsServer({ identity: pki.server(), onConnection: answer });
  const servers = [started.server, floor, bare];
  try {
    // Bulk first: it should not pay for collecting the garbage of the handshakes.
    const throughput = await measureBulk(servers);
    const rates: Rate[] = [];
    for (const version of versions)
      for (const kind of ['full', 'resumed'] as const)
        for (const atOnce of [1, crowd]) rates.push(await measureRate(servers, { version, kind, atOnce }));
    return {
      title: 'Handshakes and bulk data: observed, passed on, bare',
      notes: [
        'Client and server are in one process, as in a test: a handshake is what both ends take, from connecting to the first data from the server, which shows that it has judged. P-256, client certificates required.',
        "The floor is a Duplex between raw socket and TLS engine that only passes bytes on (`test/bench/pass-through.ts`): the least that observation by Node's public API can cost. Ratios are medians of the ratios of each round, in which all three take turns. Time is processor time of the process: nothing in it waits for anything else, and other programs on the machine count for little.",
      ],
      tables: [
        {
          title: 'Milliseconds a handshake, and the ratio of the times',
          columns: ['', 'observed', 'floor', 'bare', 'observed to floor', 'observed to bare', 'floor to bare'],
          rows: rates.map(({ what, times, atOnce }) => rowOf(what, times, (ms) => ms / atOnce)),
        },
        {
          title: 'MB a second, and the ratio of the throughputs',
          columns: ['', 'observed', 'floor', 'bare', 'observed to floor', 'observed to bare', 'floor to bare'],
          rows: [rowOf(`${bulkMegabytes} MB to the server`, throughput, (value) => value)],
        },
      ],
      goals: [bulkGoal(throughput), ...rates.map(goalOf)],
      plots: [],
    };
  } finally {
    bare.close();
    floor.close();
    await started.close();
  }
}

type Version = (typeof versions)[number];

/** What each candidate took, or managed, in each round. */
type Measured = readonly (readonly number[])[];

interface Rate {
  readonly what: string;
  readonly times: Measured;
  readonly atOnce: number;
}

async function measureBulk(servers: readonly tls.Server[]): Promise<Measured> {
  const times = await timesInTurns(
    servers.map((server) => timedByProcessor(() => bulk(server))),
    { rounds: 15, turnMs: 0 },
  );
  return times.map((rounds) => rounds.map((ms) => bulkMegabytes / (ms / 1000)));
}

async function measureRate(
  servers: readonly tls.Server[],
  { version, kind, atOnce }: { readonly version: Version; readonly kind: 'full' | 'resumed'; readonly atOnce: number },
): Promise<Rate> {
  const candidates = await Promise.all(
    servers.map(async (server) => {
      const session = kind === 'resumed' ? await sessionOf(server, version) : undefined;
      return timedByProcessor(() => Promise.all(Array.from({ length: atOnce }, () => handshake(server, { version, session }))));
    }),
  );
  const times = await timesInTurns(candidates, atOnce === 1 ? { rounds: 41, turnMs: 10 } : { rounds: 7, turnMs: 0 });
  return { what: `${version}, ${kind}, ${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}`, times, atOnce };
}

function rowOf(what: string, [observed = [], floor = [], bare = []]: Measured, each: (value: number) => number): string[] {
  return [
    what,
    ...[observed, floor, bare].map((values) => figure(each(median(values)))),
    ...[medianRatio(observed, floor), medianRatio(observed, bare), medianRatio(floor, bare)].map((ratio) => ratio.toFixed(3)),
  ];
}

function goalOf({ what, times: [observed = [], floor = []], atOnce }: Rate): Goal {
  return {
    what: `a handshake and the first data, observed against the floor: ${what}`,
    ours: median(observed) / atOnce,
    other: median(floor) / atOnce,
    unit: 'ms',
    ratio: medianRatio(observed, floor),
    goal: 1.05,
    better: 'lower',
  };
}

function bulkGoal([observed = [], floor = []]: Measured): Goal {
  return {
    what: `${bulkMegabytes} MB to an observed server, throughput against the floor`,
    ours: median(observed),
    other: median(floor),
    unit: 'MB/s',
    ratio: medianRatio(observed, floor),
    goal: 0.97,
    better: 'higher',
  };
}

function createServer(): tls.Server {
  return tls.createServer(pki.server().serverTls, answer);
}

function answer(socket: tls.TLSSocket): void {
  socket.on('error', () => {});
  socket.once('data', () => socket.write('x'));
  socket.on('data', () => {});
  socket.on('end', () => socket.end());
}

async function listen(server: tls.Server): Promise<tls.Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function connect(server: tls.Server, options: tls.ConnectionOptions): tls.TLSSocket {
  const { port } = server.address() as AddressInfo; // it listens on a port
  return tls.connect({ ...client.tls, ...options, port, host: '127.0.0.1', servername: 'localhost' });
}

async function handshake(
  server: tls.Server,
  { version, session }: { readonly version: Version; readonly session: Buffer | undefined },
): Promise<void> {
  const socket = connect(server, { minVersion: version, maxVersion: version, ...(session && { session }) });
  socket.write('x');
  await once(socket, 'data'); // the server's word that it has judged
  if (socket.isSessionReused() !== (session !== undefined)) throw new Error('a session was not resumed, or one was that should not');
  socket.destroy();
}

async function sessionOf(server: tls.Server, version: Version): Promise<Buffer> {
  const socket = connect(server, { minVersion: version, maxVersion: version });
  socket.write('x');
  const [[session]] = (await Promise.all([once(socket, 'session'), once(socket, 'data')])) as [[Buffer], unknown]; // what the event carries
  socket.destroy();
  return session;
}

async function bulk(server: tls.Server): Promise<void> {
  const socket = connect(server, {});
  const chunk = Buffer.alloc(1_000_000);
  for (let sent = 0; sent < bulkMegabytes; sent += 1) if (!socket.write(chunk)) await once(socket, 'drain');
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const crowd = 100;
const bulkMegabytes = 20;
