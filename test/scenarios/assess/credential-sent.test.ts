import https from 'node:https';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction, ClientCall, ServerTarget } from '../../../src/scenarios/run/target.ts';
import { clientScenario, serverScenario } from '../scenario.ts';

const pki = createPki({ name: 'sent' });
/** No scheme for DSA, Ed25519, Ed448 or RSASSA-PSS keys. */
const sigalgs = 'ECDSA+SHA256:RSA-PSS+SHA256';

test.for([
  ['leaf-dsa', 'TLSv1.2'],
  ['leaf-ed448', 'TLSv1.2'],
  ['leaf-ed448', 'TLSv1.3'],
  ['leaf-rsa-pss-key', 'TLSv1.2'],
] as const)('%s over %s is not judged by a server that takes no signature of its key', async ([id, version]) => {
  await using observed = await startTlsServer({ identity: pki.server(), sigalgs });
  const { host, port } = observed;
  const start = (): tls.Server => tls.createServer({ ...pki.server().serverTls, sigalgs });

  for (const target of [observed, { host, port }, { start }] satisfies ServerTarget[]) {
    const other = await runScenario(clientScenario('expired-leaf'), { pki, target, version });
    const unsent = await runScenario(clientScenario(id), { pki, target, version });

    expect(other, other.message).toMatchObject({ status: 'as-expected' });
    expect(unsent, unsent.message).toMatchObject({ status: 'not-judged', unsuitable: true, handshake: { verdict: 'rejected' } });
    expect(unsent.message).toMatch(/did not send this credential.*no signature scheme/u);
  }
});

test('it is not judged either where the server lets in a client that sent no certificate', async () => {
  await using server = await startTlsServer({ identity: pki.server(), sigalgs, clientAuth: 'request' });

  const sent = await runScenario(clientScenario('expired-leaf'), { pki, target: server, version: 'TLSv1.2' });
  const unsent = await runScenario(clientScenario('leaf-dsa'), { pki, target: server, version: 'TLSv1.2', stack: 'openssl' });

  expect(sent).toMatchObject({ status: 'unexpected' });
  expect(unsent).toMatchObject({ status: 'not-judged', handshake: { verdict: 'accepted' } });
});

test('a server that never asks for a certificate is flagged by a bad one, and not judged by a good one', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });

  const bad = await runScenario(clientScenario('expired-leaf'), { pki, target: server });
  const good = await runScenario(clientScenario('leaf-ec-p384'), { pki, target: server });

  expect(bad).toMatchObject({ status: 'unexpected' });
  expect(good).toMatchObject({ status: 'not-judged', message: expect.stringContaining('never asked for a certificate') });
});

test.for(['leaf-dsa', 'leaf-rsa512', 'leaf-ec-p224', 'leaf-rsa-pss-key-sha1-params'])(
  '%s, which no client of Node.js sends over TLS 1.3, is not judged, whatever the target',
  async (id) => {
    await using server = await startHttpsServer((_request, response) => response.end(), { identity: pki.server() });
    const attempt = requestTo(server.port);

    const [own, users, control] = await Promise.all([
      runScenario(clientScenario(id), { pki, target: server }),
      runScenario(clientScenario(id), { pki, target: attempt }),
      runScenario(clientScenario('expired-leaf'), { pki, target: attempt }),
    ]);

    expect([own, users]).toMatchObject([
      { status: 'not-judged', unsuitable: true },
      { status: 'not-judged', unsuitable: true },
    ]);
    expect(own.message).toContain('did not send this credential');
    expect(users.message).toContain('does not send this credential');
    expect(control).toMatchObject({ status: 'as-expected' });
  },
);

test('an attempt that is told that no certificate came is not judged', async () => {
  const told =
    (words: string): AttemptFunction =>
    () =>
      Promise.reject(new Error(words));
  const run = (id: string, words: string): Promise<unknown> =>
    runScenario(clientScenario(id), { pki, target: told(words), controlled: true, version: 'TLSv1.2' }).then(({ status }) => status);

  expect(await run('expired-leaf', 'tlsv13 alert certificate required:SSL alert number 116')).toBe('not-judged');
  expect(await run('leaf-dsa', 'sslv3 alert handshake failure:SSL alert number 40')).toBe('not-judged');
  expect(await run('leaf-dsa', 'sslv3 alert bad certificate:SSL alert number 42')).toBe('as-expected');
  expect(await run('expired-leaf', 'sslv3 alert handshake failure:SSL alert number 40')).toBe('as-expected');
});

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'a server credential for which the client offers no scheme is not judged (%s)',
  async (version) => {
    const narrow = get({ sigalgs });
    const wide = get({});

    const judged = await runScenario(serverScenario('leaf-ed448'), { pki, target: wide, version });
    const unsent = await runScenario(serverScenario('leaf-ed448'), { pki, target: narrow, version });
    const control = await runScenario(serverScenario('expired-leaf'), { pki, target: narrow, version });

    expect(judged, judged.message).toMatchObject({ status: 'as-expected' });
    expect(unsent, unsent.message).toMatchObject({ status: 'not-judged', unsuitable: true });
    expect(unsent.message).toContain('the server did not present this credential');
    expect(control).toMatchObject({ status: 'as-expected' });
  },
);

test.for(['go', 'java', 'bun', undefined] as const)('no stack makes a server present what it cannot: %s', async (stack) => {
  const settings = { pki, target: get({}), ...(stack && { stack }) };

  const result = await runScenario(serverScenario('leaf-rsa512'), settings);
  const demanded = await runScenario(serverScenario('leaf-rsa512'), { ...settings, expected: { verdict: 'accepted' } });

  expect([result, demanded]).toMatchObject([
    { status: 'not-judged', unsuitable: true, message: expect.stringContaining('cannot present') },
    { status: 'not-judged', unsuitable: true },
  ]);
});

function get(extra: https.RequestOptions): ClientCall {
  return ({ url, tls: material }) => send(url, { ...material, ...extra });
}

function requestTo(port: number): AttemptFunction {
  return (material) => send(`https://localhost:${port}/`, { ...material });
}

function send(url: string, options: https.RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent: false, ...options }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
}
