import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, type Pki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { type RunOptions, runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction, ServerTarget, StartServer } from '../../../src/scenarios/run/target.ts';
import { clientScenario } from '../scenario.ts';

const pki = createPki({ name: 'run' });
const expired = clientScenario('expired-leaf');
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

test.for(versions)('an observed server that refuses the bad client does what is expected (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server() });

  const result = await runScenario(expired, { pki, target: server, version });

  expect(result).toMatchObject({
    id: 'expired-leaf',
    status: 'as-expected',
    expected: { verdict: 'rejected', reason: 'CERT_HAS_EXPIRED' },
  });
  expect(result.handshake?.reason).toBe('CERT_HAS_EXPIRED');
  expect(server.handshakes.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected']); // the control went first
});

test.for(versions)('an observed server that lets the bad client in is flagged (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });

  const result = await runScenario(expired, { pki, target: server, version });

  expect(result.status).toBe('unexpected');
  expect(result.message).toContain('but it was accepted, although verification failed with CERT_HAS_EXPIRED');
});

test.for(versions)('a server that refuses every client is not judged (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server(), trust: createPki().anchors });

  const result = await runScenario(expired, { pki, target: server, version });

  expect(result.status).toBe('not-judged');
  expect(result.message).toContain('the valid client was refused');
});

test('a server that refuses for another reason is flagged', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const mistaken = { ...expired, arrange: (own: Pki) => expired.control(own) };
  const strange = { ...expired, arrange: () => ({ ...expired.control(pki), identity: createPki().client() }) };

  const valid = await runScenario(mistaken, { pki, target: server });
  const unknown = await runScenario(strange, { pki, target: server });

  expect(valid).toMatchObject({ status: 'unexpected' });
  expect(unknown).toMatchObject({ status: 'unexpected', message: expect.stringContaining('refused for another reason') });
});

test('what is expected of a target can be said in place of what the scenario expects', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const accepted = await runScenario(expired, { pki, target: server, expected: { verdict: 'accepted' } });
  const other = await runScenario(expired, {
    pki,
    target: server,
    expected: { verdict: 'rejected', by: 'server', reason: 'INVALID_PURPOSE' },
  });

  expect([accepted.status, other.status]).toEqual(['unexpected', 'unexpected']);
  expect(other.expected).toMatchObject({ reason: 'INVALID_PURPOSE' });
});

test.for(versions)('of an endpoint only the alert is seen, and it will do (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server() });
  const { host, port } = server;

  const result = await runScenario(expired, { pki, target: { host, port }, version });

  expect(result).toMatchObject({ status: 'as-expected', message: expect.stringContaining('the reason was not observed') });
});

test('an endpoint where nothing listens is not judged', async () => {
  const { port, stop } = await openAndCloseLater();
  await stop();

  const result = await runScenario(expired, { pki, target: { host: '127.0.0.1', port }, controlled: true });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('ECONNREFUSED') });
});

test.for(versions)('an attempt function is judged by whether it was accepted (%s)', async (version) => {
  await using strict = await startHttpsServer((_request, response) => response.end(), { identity: pki.server() });
  await using lenient = await startHttpsServer((_request, response) => response.end(), { identity: pki.server(), clientAuth: 'request' });

  const refused = await runScenario(expired, { pki, target: requestTo(strict.port), version });
  const admitted = await runScenario(expired, { pki, target: requestTo(lenient.port), version });

  expect(refused).toMatchObject({ status: 'as-expected' });
  expect(admitted).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the attempt succeeded') });
});

test('an attempt function whose failure is not an answer of the server is not judged', async () => {
  const failures: Readonly<Record<string, AttemptFunction>> = {
    'a mistake in the code': () => Promise.reject(new TypeError('client.connect is not a function')),
    'a mistake that throws at once': () => {
      throw new ReferenceError('pg is not defined');
    },
    'a call of this library without trust anchors': () => attemptHandshake({ host: '127.0.0.1', port: 1 }),
    'nothing listens': () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
    'wrapped by a library': () =>
      Promise.reject(new Error('request failed', { cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }) })),
    'a time-out of its own': () => Promise.reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    'a credential that the library cannot load': () =>
      Promise.reject(Object.assign(new Error('key values mismatch'), { code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' })),
    'the client refused the server': () => Promise.reject(Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' })),
    'it hangs': () => new Promise(() => {}),
  };

  const results = await Promise.all(
    Object.entries(failures).map(async ([name, target]) => [
      name,
      (await runScenario(expired, { pki, target, controlled: true, timeout: 200 })).status,
    ]),
  );

  expect(results).toEqual(Object.keys(failures).map((name) => [name, 'not-judged']));
});

test('an attempt that fails for the valid client too is not judged', async () => {
  const result = await runScenario(expired, { pki, target: () => Promise.reject(new Error('403 Forbidden')) });

  expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid client was refused') });
});

test('an alert that answers no certificate is flagged', async () => {
  const target: AttemptFunction = () => Promise.reject(new Error('tlsv1 alert internal error:SSL alert number 80'));

  const result = await runScenario(expired, { pki, target, controlled: true });

  expect(result).toMatchObject({ status: 'unexpected', message: expect.stringContaining('internal_error') });
});

test.for([
  ['a server that does not listen yet', (options: tls.TlsOptions) => https.createServer(options)],
  [
    'one that listens already',
    async (options: tls.TlsOptions) => {
      const server = tls.createServer(options, (socket) => socket.pipe(socket));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    },
  ],
] as const)('a start function may give %s', async ([, create]) => {
  const servers: tls.Server[] = [];
  const start: StartServer = async ({ identity, trust }) => {
    const server = await create({ key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true });
    servers.push(server);
    return server;
  };

  const result = await runScenario(expired, { pki, target: { start } });

  expect(result).toMatchObject({ status: 'as-expected', handshake: { reason: 'CERT_HAS_EXPIRED' } });
  expect(servers.map(({ listening }) => listening)).toEqual([false]);
});

test('misuse is refused before anything opens', async () => {
  const server = { host: '127.0.0.1', port: 1 };

  for (const [options, option] of [
    [{ pki, target: 'localhost:443' }, 'target'],
    [{ pki, target: null }, 'target'],
    [{ pki: undefined, target: server }, 'pki'],
    [{ pki, target: server, version: 'TLSv1.1' }, 'version'],
    [{ pki, target: server, timeout: -1 }, 'timeout'],
    [{ pki, target: server, controled: true }, 'run option'],
  ] as const)
    await expect(runScenario(expired, options as unknown as RunOptions<ServerTarget>)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      facts: { option },
    });
});

function requestTo(port: number): AttemptFunction {
  return (material) =>
    new Promise((resolve, reject) => {
      const request = https.get({ host: 'localhost', port, agent: false, ...material }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
      request.on('error', reject);
    });
}

async function openAndCloseLater(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
