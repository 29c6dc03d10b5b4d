import tls from 'node:tls';
import { expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { protocolScenarios, runScenario } from '../../../../src/scenarios/index.ts';
import type { ServerProtocolScenario } from '../../../../src/scenarios/catalogue/protocol-scenario.ts';
import { listen, slowLinkTo } from '../../../support/slow-link.ts';

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
