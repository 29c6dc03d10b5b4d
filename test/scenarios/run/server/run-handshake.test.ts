import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as elapse } from 'node:timers/promises';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { protocolScenarios, runScenario } from '../../../../src/scenarios/index.ts';
import type { ServerProtocolScenario } from '../../../../src/scenarios/catalogue/protocol-scenario.ts';

const pki = createPki();
const isAnonymous = (scenario: (typeof protocolScenarios)[number]): scenario is ServerProtocolScenario =>
  scenario.id === 'no-client-certificate';
const anonymous = protocolScenarios.find(isAnonymous);

test.for([
  ['refuses a client without certificate', true, 'as-expected'],
  ['accepts every client', false, 'unexpected'],
] as const)(
  'a server behind a slow link that %s is judged by what it answers, not by its silence',
  async ([, rejectUnauthorized, status]) => {
    const server = tls.createServer({ ...pki.server().serverTls, rejectUnauthorized }, (socket) => socket.on('error', () => {}));
    const port = await listen(slowLinkTo(await listen(server)));
    if (!anonymous) throw new Error('the scenario does not exist');

    const result = await runScenario(anonymous, { pki, target: { host: '127.0.0.1', port } });

    expect(result, result.message).toMatchObject({ status });
  },
);

/** 400 ms of round trip. */
function slowLinkTo(port: number): net.Server {
  return net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    forward(near, far);
    forward(far, near);
  });
}

function forward(from: net.Socket, to: net.Socket): void {
  from.on('error', () => to.destroy());
  from.on('data', (data) => void elapse(200).then(() => to.write(data)));
  from.on('end', () => void elapse(200).then(() => to.end()));
}

async function listen(server: net.Server): Promise<number> {
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as net.AddressInfo).port; // of a TCP server
}
