import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createPki, startTlsServer } from '../../src/index.ts';
import { medianTimes, type Result } from './measure.ts';

const pki = createPki();
const client = pki.client();

/** Full handshakes and bulk data against an observed server and a bare one, in turns. */
export async function handshakes(): Promise<Result[]> {
  const bare = await listen(tls.createServer(pki.server().serverTls, answer));
  const started = await startTlsServer({ identity: pki.server(), onConnection: answer });
  const observed = started.server;
  const results: Result[] = [];
  try {
    // Bulk first: it is not to pay for collecting the handshakes' garbage.
    const [observedBulkMs = 0, bareBulkMs = 0] = await medianTimes([() => bulk(observed), () => bulk(bare)], { rounds: 15, repeat: 1 });
    results.push({
      what: `${bulkMegabytes} MB to an observed server, throughput against bare`,
      ours: bulkMegabytes / (observedBulkMs / 1000),
      other: bulkMegabytes / (bareBulkMs / 1000),
      unit: 'MB/s',
      ratio: bareBulkMs / observedBulkMs,
      goal: 0.85,
      better: 'higher',
    });
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      const [observedMs = 0, bareMs = 0] = await medianTimes([() => handshake(observed, version), () => handshake(bare, version)], {
        rounds: 41,
        repeat: 25,
      });
      results.push({
        what: `a full ${version} handshake and the first data, observed against bare`,
        ours: observedMs,
        other: bareMs,
        unit: 'ms',
        ratio: observedMs / bareMs,
        goal: 1.1,
        better: 'lower',
      });
    }
  } finally {
    bare.close();
    await started.close();
  }
  return results;
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
  const { port } = server.address() as AddressInfo;
  return tls.connect({ ...client.tls, ...options, port, host: '127.0.0.1', servername: 'localhost' });
}

async function handshake(server: tls.Server, version: 'TLSv1.2' | 'TLSv1.3'): Promise<void> {
  const socket = connect(server, { minVersion: version, maxVersion: version });
  socket.write('x');
  await once(socket, 'data'); // the server's word that it has judged
  socket.destroy();
}

async function bulk(server: tls.Server): Promise<void> {
  const socket = connect(server, {});
  const chunk = Buffer.alloc(1_000_000);
  for (let sent = 0; sent < bulkMegabytes; sent += 1) if (!socket.write(chunk)) await once(socket, 'drain');
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

const bulkMegabytes = 100;
