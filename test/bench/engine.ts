import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { decodePem } from '../../src/asn1/pem.ts';
import { createPki } from '../../src/index.ts';
import { runClientHandshake } from '../../src/wire/engine/run-handshake.ts';
import { median, medianRatio, timedByProcessor, timesInTurns } from './measure.ts';
import { figure, type Goal, type Section } from './section.ts';

const pki = createPki();
const client = pki.client();
const credential = { certificates: decodePem(client.chainPem).map(({ der }) => der), privateKey: createPrivateKey(client.keyPem) };

/** Full handshakes of the engine for tests and of Node's own client, with the same server of Node, in turns. */
export async function engine(): Promise<Section> {
  const server = tls.createServer(pki.server().serverTls, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  const rates: Rate[] = [];
  for (const version of versions) {
    const candidates = [timedByProcessor(() => byEngine(port, version)), timedByProcessor(() => byNode(port, version))];
    const [own = [], nodes = []] = await timesInTurns(candidates, { rounds: 41, turnMs: 10 });
    rates.push({ version, own, nodes });
  }
  server.close();
  return {
    title: 'A client of the engine for tests and one of Node',
    notes: [
      'Client and server are in one process: a handshake is what both ends take, from connecting to the first data from the server. Full, P-256, client certificates required; processor time.',
    ],
    tables: [
      {
        title: 'Milliseconds a handshake',
        columns: ['', 'engine', 'Node', 'ratio'],
        rows: rates.map(({ version, own, nodes }) => [
          version,
          figure(median(own)),
          figure(median(nodes)),
          medianRatio(own, nodes).toFixed(3),
        ]),
      },
    ],
    goals: rates.map(goalOf),
    plots: [],
  };
}

interface Rate {
  readonly version: (typeof versions)[number];
  readonly own: readonly number[];
  readonly nodes: readonly number[];
}

function goalOf({ version, own, nodes }: Rate): Goal {
  return {
    what: `a full handshake of the engine against one of Node's client: ${version}`,
    ours: median(own),
    other: median(nodes),
    unit: 'ms',
    ratio: medianRatio(own, nodes),
    goal: 1.5,
    better: 'lower',
  };
}

async function byEngine(port: number, version: Rate['version']): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  const connection = await runClientHandshake(socket, { version, credential, servername: 'localhost', groups: ['secp256r1'] });
  await connection.write(Buffer.from('x'));
  if (!(await connection.read())) throw new Error('the server did not answer');
  socket.destroy();
}

async function byNode(port: number, version: Rate['version']): Promise<void> {
  const options = {
    minVersion: version,
    maxVersion: version,
    ecdhCurve: 'P-256',
    port,
    host: '127.0.0.1',
    servername: 'localhost',
  } as const;
  const socket = tls.connect({ ...client.tls, ...options });
  socket.write('x');
  await once(socket, 'data'); // the server's word that it has judged
  socket.destroy();
}

function answer(socket: tls.TLSSocket): void {
  socket.on('error', () => {});
  socket.once('data', () => socket.write('x'));
  socket.on('end', () => socket.end());
}

const versions = ['TLSv1.3', 'TLSv1.2'] as const;
