import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createPki, startTlsServer } from '../../src/index.ts';
import { medianTimes, timed } from './measure.ts';
import { figure, type Goal, type Section } from './section.ts';

const pki = createPki();
const client = pki.client();

/** Handshakes and bulk data against an observed server and a bare one, in turns. */
export async function handshakes(): Promise<Section> {
  const bare = await listen(tls.createServer(pki.server().serverTls, answer));
  const started = await startTlsServer({ identity: pki.server(), onConnection: answer });
  const servers = [started.server, bare] as const;
  try {
    // Bulk first: it is not to pay for collecting the handshakes' garbage.
    const bulkGoal = await measureBulk(servers);
    const rates: Rate[] = [];
    for (const version of versions)
      for (const kind of ['full', 'resumed'] as const)
        for (const atOnce of [1, crowd]) rates.push(await measureRate(servers, { version, kind, atOnce }));
    return {
      title: 'Handshakes, observed against bare',
      notes: [
        'Client and server are in one process, as in a test: a handshake is what both ends take, from connecting to the first data from the server, which is its word that it has judged. P-256, client certificates required.',
      ],
      tables: [
        {
          title: 'Handshakes per second',
          columns: ['', 'observed', 'bare', 'time, observed against bare'],
          rows: rates.map(({ what, observedMs, bareMs }) => [
            what,
            figure(1000 / observedMs),
            figure(1000 / bareMs),
            figure(observedMs / bareMs),
          ]),
        },
      ],
      goals: [bulkGoal, ...rates.filter(({ hasGoal }) => hasGoal).map(goalOf)],
      plots: [],
    };
  } finally {
    bare.close();
    await started.close();
  }
}

type Servers = readonly [observed: tls.Server, bare: tls.Server];
type Version = (typeof versions)[number];

interface Rate {
  readonly what: string;
  readonly observedMs: number;
  readonly bareMs: number;
  readonly hasGoal: boolean;
}

async function measureBulk([observed, bare]: Servers): Promise<Goal> {
  const [observedMs = 0, bareMs = 0] = await medianTimes([timed(() => bulk(observed)), timed(() => bulk(bare))], { rounds: 15, turnMs: 0 });
  return {
    what: `${bulkMegabytes} MB to an observed server, throughput against bare`,
    ours: bulkMegabytes / (observedMs / 1000),
    other: bulkMegabytes / (bareMs / 1000),
    unit: 'MB/s',
    ratio: bareMs / observedMs,
    goal: 0.85,
    better: 'higher',
  };
}

async function measureRate(
  servers: Servers,
  { version, kind, atOnce }: { readonly version: Version; readonly kind: 'full' | 'resumed'; readonly atOnce: number },
): Promise<Rate> {
  const candidates = await Promise.all(
    servers.map(async (server) => {
      const session = kind === 'resumed' ? await sessionOf(server, version) : undefined;
      return timed(() => Promise.all(Array.from({ length: atOnce }, () => handshake(server, { version, session }))));
    }),
  );
  const [observedMs = 0, bareMs = 0] = await medianTimes(candidates, atOnce === 1 ? { rounds: 31, turnMs: 40 } : { rounds: 11, turnMs: 0 });
  return {
    what: `${version}, ${kind}, ${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}`,
    observedMs: observedMs / atOnce,
    bareMs: bareMs / atOnce,
    hasGoal: kind === 'full' && atOnce === 1,
  };
}

function goalOf({ what, observedMs, bareMs }: Rate): Goal {
  return {
    what: `a handshake and the first data, observed against bare: ${what}`,
    ours: observedMs,
    other: bareMs,
    unit: 'ms',
    ratio: observedMs / bareMs,
    goal: 1.1,
    better: 'lower',
  };
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
const bulkMegabytes = 100;
