import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { attemptHandshake, createPki, type Identity } from '../../src/index.ts';
import { monotonicNow } from '../../src/clock/real-clock.ts';

const pki = createPki();

/** A server on a thread of its own: it answers while this one is busy. */
async function startElsewhere(identity: Identity): Promise<{ readonly host: string; readonly port: number }> {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const server = require('node:tls').createServer(workerData, (socket) => socket.on('error', () => {}));
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  `;
  const worker = new Worker(program, { eval: true, workerData: { ...identity.serverTls } });
  onTestFinished(async () => void (await worker.terminate()));
  const [port] = (await once(worker, 'message')) as [number]; // as the program says
  return { host: '127.0.0.1', port };
}

/** Keeps this thread busy nearly all the time, as tests do that compute or run other programs synchronously when something has arrived. */
function keepBusy(): void {
  let isOver = false;
  onTestFinished(() => void (isOver = true));
  const work = (): void => {
    const end = monotonicNow() + 300;
    while (monotonicNow() < end);
    if (!isOver) setImmediate(work);
  };
  work();
}

test('a process that is too busy to read what arrives does not take a refusal for acceptance when the quiet period is over', async () => {
  const server = await startElsewhere(pki.server());
  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();

  keepBusy();
  const handshake = await attemptHandshake(server, { identity: createPki().client().trusting(pki), quietPeriod: 50 });

  expect(handshake).toBeRejected({ by: 'server' });
});
