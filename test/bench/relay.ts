import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { startRelay } from '../../src/index.ts';
import { medianRatio, median, timed, timesInTurns } from './measure.ts';
import { figure, type Section } from './section.ts';

/** The relay beside the least that a relay of Node.js can do: two sockets, piped. */
export async function relay(): Promise<Section> {
  const upstream = net.createServer({ noDelay: true }, answer);
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const port = portOf(upstream);
  const bare = net.createServer({ noDelay: true }, (near) => {
    const far = net.connect({ port, host: '127.0.0.1', noDelay: true });
    pipeline(near, far, () => {});
    pipeline(far, near, () => {});
  });
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const ours = await startRelay({ to: { port } });
  try {
    return await compare(portOf(bare), ours.port, port);
  } finally {
    await ours.close();
    for (const server of [bare, upstream]) server.close();
  }
}

async function compare(bare: number, ours: number, direct: number): Promise<Section> {
  const [bulkOfBare = [], bulkOfOurs = []] = await timesInTurns([timed(() => download(bare)), timed(() => download(ours))], {
    rounds: 9,
    turnMs: 0,
  });
  const trips = [direct, bare, ours].map((port) => timed(() => roundTrips(port)));
  const [alone = [], tripsOfBare = [], tripsOfOurs = []] = await timesInTurns(trips, { rounds: 9, turnMs: 0 });
  const bulk = medianRatio(bulkOfBare, bulkOfOurs);
  const perSecond = (times: readonly number[]): number => (bulkLength / 2 ** 20 / median(times)) * 1000;
  const perTrip = (times: readonly number[]): string => figure((median(times) / tripsInTurn) * 1000);
  return {
    title: 'The relay between two programs',
    notes: [
      'Beside two sockets of Node.js that are piped, in the same process, on loopback. What passes is not TLS: it is passed on as everything is after a verdict.',
    ],
    tables: [
      {
        title: `${bulkLength / 2 ** 20} MiB in one direction, and round trips of one octet`,
        columns: ['through', 'MiB per second', 'microseconds per round trip'],
        rows: [
          ['nothing', '', perTrip(alone)],
          ['two sockets, piped', figure(perSecond(bulkOfBare)), perTrip(tripsOfBare)],
          ['the relay', figure(perSecond(bulkOfOurs)), perTrip(tripsOfOurs)],
        ],
      },
    ],
    goals: [
      {
        what: 'octets per second through the relay',
        ours: perSecond(bulkOfOurs),
        other: perSecond(bulkOfBare),
        unit: 'MiB/s',
        ratio: bulk,
        goal: 0.9,
        better: 'higher',
      },
    ],
    plots: [],
  };
}

/** Answers an octet with itself, and the octet 255 with many. */
function answer(socket: net.Socket): void {
  socket.on('error', () => {});
  socket.on('data', (asked) => {
    if (asked[0] === everything) sendAll(socket, bulkLength / block.length);
    else socket.write(asked);
  });
}

function sendAll(socket: net.Socket, blocks: number): void {
  for (let left = blocks; left > 0; left -= 1) {
    if (socket.write(block)) continue;
    socket.once('drain', () => sendAll(socket, left - 1));
    return;
  }
  socket.end();
}

async function download(port: number): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let received = 0;
  socket.on('data', (chunk) => (received += chunk.length));
  socket.write(Buffer.of(everything));
  await once(socket, 'end');
  if (received !== bulkLength) throw new Error(`${received} octets came`);
}

async function roundTrips(port: number): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  for (let trip = 0; trip < tripsInTurn; trip += 1) {
    socket.write(Buffer.of(trip % 100));
    await once(socket, 'data');
  }
  socket.destroy();
}

function portOf(server: net.Server): number {
  return (server.address() as AddressInfo).port; // it listens on a port
}

const everything = 255;
const block = Buffer.alloc(65_536, 7);
const bulkLength = 64 * 2 ** 20;
const tripsInTurn = 500;
