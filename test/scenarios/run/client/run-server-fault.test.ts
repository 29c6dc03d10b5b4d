import https from 'node:https';
import { fetch, Agent } from 'undici';
import { expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ClientCall } from '../../../../src/scenarios/run/target.ts';
import { httpsGet } from '../../../mutants/correct-clients.ts';
import { byHttps } from '../../protocol/clients.ts';
import { onClient } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'server faults' });
const scenario = onClient('server-certificate-verify-left-out');

test('a client that cannot perform the same handshake without the fault is not judged by the one with it', async () => {
  // The test engine knows no groups of finite fields, and Node's own server does.
  const target = byHttps({ ecdhCurve: 'ffdhe2048' });

  const judged = await runScenario(scenario, { pki, target: byHttps() });
  const unsuitable = await runScenario(scenario, { pki, target });

  expect(judged, judged.message).toMatchObject({
    status: 'as-expected',
    message: expect.stringContaining('the client refused'),
  });
  expect(unsuitable, unsuitable.message).toMatchObject({ status: 'not-judged', unsuitable: true });
});

test.for(['server-certificate-in-resumption', 'server-certificate-request-in-resumption'] as const)(
  '%s is met by a client that resumes, and by no other',
  async (id) => {
    let agent: https.Agent | undefined;
    const resuming: ClientCall = (peer) => {
      if (peer.call === 1) agent = new https.Agent({ keepAlive: true });
      return httpsGet(peer.url, { ...peer.tls, ...(agent && { agent }) });
    };

    const resumed = await runScenario(onClient(id), { pki, target: resuming });
    const anew = await runScenario(onClient(id), { pki, target: byHttps() });
    agent?.destroy();

    expect(resumed, resumed.message).toMatchObject({
      status: 'as-expected',
      message: expect.stringMatching(/the client refused .*unexpected message/u), // in OpenSSL's words
    });
    expect(anew, anew.message).toMatchObject({ status: 'not-judged', unsuitable: true });
  },
);

test('a client that swallows the refusal is flagged', async () => {
  const swallowing: ClientCall = (peer) => byHttps()(peer).catch(() => undefined);

  const result = await runScenario(scenario, { pki, target: swallowing });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the call succeeded') });
});

test.for([true, false])('a client that needs an answer of its own is given it (HTTP/2: %s)', async (allowH2) => {
  const target: ClientCall = async ({ url, tls }) => {
    const agent = new Agent({ connect: tls, allowH2 });
    try {
      const response = await fetch(url, { dispatcher: agent });
      expect(await response.json()).toEqual({ orders: [1] });
    } finally {
      await agent.destroy();
    }
  };
  const control = onClient('server-certificate-request-unknown-extension');

  const answered = await runScenario(control, { pki, target, respond: { orders: [1] } });
  const refused = await runScenario(scenario, { pki, target, respond: { orders: [1] } });

  expect(answered, answered.message).toMatchObject({ status: 'as-expected', message: expect.stringContaining('the call succeeded') });
  expect(refused, refused.message).toMatchObject({ status: 'as-expected', message: expect.stringContaining('the client refused') });
});
