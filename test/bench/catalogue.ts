import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { clientScenarios, createPki, type ObservedServer, runScenario, startTlsServer } from '../../src/index.ts';
import { medianTimes, type Result } from './measure.ts';

const pki = createPki({ name: 'bench' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const runs = clientScenarios.flatMap((scenario) => versions.map((version) => ({ scenario, version })));

/** The whole client catalogue against a server of this process, beside as many bare handshakes and the same minting. */
export async function catalogue(): Promise<Result[]> {
  const server = await startTlsServer({ identity: pki.server() });
  const bare = tls.createServer(pki.server().serverTls, answer);
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const before = server.handshakes.length;
  await runCatalogue(server);
  const handshakes = server.handshakes.length - before;
  try {
    const [oursMs = 0, bareMs = 0] = await medianTimes([() => runCatalogue(server), () => bareHandshakes(bare, handshakes)], {
      rounds: 5,
      repeat: 1,
    });
    return [
      {
        what: `the client catalogue, ${runs.length} runs with ${handshakes} handshakes, against as many bare ones and the minting`,
        ours: oursMs,
        other: bareMs,
        unit: 'ms',
        ratio: oursMs / bareMs,
        goal: 1.5,
        better: 'lower',
      },
    ];
  } finally {
    bare.close();
    await server.close();
  }
}

async function runCatalogue(server: ObservedServer): Promise<void> {
  for (const { scenario, version } of runs) await runScenario(scenario, { pki, target: server, version, controlled: true });
}

async function bareHandshakes(server: tls.Server, count: number): Promise<void> {
  for (const { scenario } of runs) {
    const { trust, crl } = scenario.arrange(pki);
    if (crl || trust !== pki.anchors) scenario.mend(pki); // its control is of its own
  }
  for (let made = 0; made < count; made += 1) await handshake(server, versions[made % 2] ?? 'TLSv1.3');
}

async function handshake(server: tls.Server, version: (typeof versions)[number]): Promise<void> {
  const { port } = server.address() as AddressInfo; // it listens on a port
  const socket = tls.connect({
    ...pki.client().tls,
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    minVersion: version,
    maxVersion: version,
  });
  socket.write('x');
  await once(socket, 'data'); // the server's word that it has judged
  socket.destroy();
}

function answer(socket: tls.TLSSocket): void {
  socket.on('error', () => {});
  socket.once('data', () => socket.write('x'));
  socket.on('end', () => socket.end());
}
