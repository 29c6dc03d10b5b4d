import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../../../src/index.ts';
import { ReloadedServer } from '../../../../src/scenarios/run/reload/reloaded-server.ts';
import { tryValidUnderLoad } from '../../../../src/scenarios/run/reload/try-client.ts';

const pki = createPki();

test.for([
  ['that succeeds', () => Promise.resolve(), 'as-expected'],
  ['that never ends', () => new Promise<void>(() => {}), 'not-judged'],
  ['that timed out', () => Promise.reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), 'not-judged'],
  ['with a mistake of its own', () => Promise.reject(new ReferenceError('clinet is not defined')), 'not-judged'],
  ['that reached no server', () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), 'unexpected'],
  ['that was cut', () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' })), 'unexpected'],
] as const)("the user's own attempt %s, while the server reloads", async ([, attempt, status]) => {
  const settings = { pki, version: 'TLSv1.3', timeout: 500, attempt } as const;
  const server = new ReloadedServer({ start: () => startTlsServer({ pki }), reload: () => {} }, settings, 5000);

  await server.open();
  try {
    expect(await tryValidUnderLoad(server)).toMatchObject({ status });
  } finally {
    await server.close();
  }
});
