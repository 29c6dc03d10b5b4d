import https from 'node:https';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { createPki, observe, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { type RunOptions, runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction, ClientCall, ServerTarget } from '../../../src/scenarios/run/target.ts';
import { byHttps } from '../protocol/clients.ts';
import { onClient, onServer } from '../protocol/scenario.ts';

const pki = createPki({ name: 'run protocol' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe('a server under test', () => {
  test.for(versions)('shows both ends of a handshake, after the valid client was accepted (%s)', async (version) => {
    await using server = await startTlsServer({ identity: pki.server() });

    const result = await runScenario(onServer('no-client-certificate'), { pki, target: server, version });

    expect(result).toMatchObject({
      id: 'no-client-certificate',
      status: 'as-expected',
      expected: { verdict: 'rejected', by: 'server', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' },
      handshake: { verdict: 'rejected', rejectedBy: 'server' },
    });
    expect(server.handshakes.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected']);
  });

  test('is not shown the valid client again where it was a moment ago', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    await runScenario(onServer('no-client-certificate'), { pki, target: server, controlled: true });

    expect(server.handshakes.map(({ verdict }) => verdict)).toEqual(['rejected']);
  });

  test.for([
    'no-client-certificate',
    'garbage-first-flight',
    'empty-certificate-list-then-data',
    'resumption-without-certificate',
    'resumption-after-expiry',
  ])('that refuses every client is not judged by %s', async (id) => {
    await using server = await startTlsServer({ identity: pki.server(), trust: createPki().anchors });

    const result = await runScenario(onServer(id), { pki, target: server });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid client was refused') });
    expect(result.unsuitable).toBeUndefined();
  });

  test('that nothing listens on is not judged', async () => {
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as net.AddressInfo; // it listens on TCP
    await new Promise((resolve) => closed.close(resolve));
    const target = { host: '127.0.0.1', port };

    const results = await Promise.all(
      ['no-client-certificate', 'garbage-first-flight'].map((id) => runScenario(onServer(id), { pki, target, controlled: true })),
    );

    expect(results).toMatchObject([
      { status: 'not-judged', message: expect.stringContaining('ECONNREFUSED') },
      { status: 'not-judged', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('is not tried with a version for which the scenario makes no sense', async () => {
    const result = await runScenario(onServer('tls12-only-client'), { pki, target: { host: '127.0.0.1', port: 1 }, version: 'TLSv1.3' });

    expect(result).toMatchObject({ status: 'not-judged', unsuitable: true, message: expect.stringContaining('TLSv1.2 only') });
  });

  test('may be expected to answer otherwise than the scenario says', async () => {
    await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });
    const options = { pki, target: server, expected: { verdict: 'accepted' } } as const;

    const lets = await runScenario(onServer('no-client-certificate'), options);
    const refuses = await runScenario(onServer('garbage-first-flight'), options);

    expect(lets).toMatchObject({ status: 'as-expected', expected: { verdict: 'accepted' } });
    expect(refuses).toMatchObject({ status: 'unexpected', message: expect.stringContaining('expected accepted') });
  });

  test.for(versions)('that hangs up without a byte has refused (%s)', async (version) => {
    const { key, cert, ca } = pki.server().tls;
    const secret = https.createServer(
      {
        key,
        cert,
        ca,
        requestCert: true,
        SNICallback: (name, callback) => callback(name === 'localhost' ? null : new Error('no such tenant')),
      },
      (_request, response) => response.end(),
    );
    await new Promise<void>((resolve) => secret.listen(0, '127.0.0.1', resolve));
    await using server = observe(secret, { identity: pki.server() });
    const { host, port } = server;

    const refused = await runScenario(onServer('sni-unknown-without-certificate'), { pki, target: { host, port }, version });
    const policy = await runScenario(onServer('sni-unknown'), { pki, target: { host, port }, version });

    expect(refused).toMatchObject({ status: 'as-expected', message: expect.stringContaining('refused without a byte') });
    expect(policy).toMatchObject({ status: 'unexpected', message: expect.stringContaining('refused without a byte') });
  });

  test('whose trust is not known is not changed', async () => {
    const { key, cert, ca } = pki.server().tls;
    const plain = https.createServer({ key, cert, ca, requestCert: true }, (_request, response) => response.end());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    await using server = observe(plain);

    const result = await runScenario(onServer('resumption-after-revocation'), { pki, target: server });

    expect(result).toMatchObject({
      status: 'not-judged',
      unsuitable: true,
      message: expect.stringContaining('what the server trusts is not known'),
    });
  });

  test('that gives no sessions has none that could outlive anything', async () => {
    const { SSL_OP_NO_TICKET } = (await import('node:crypto')).constants;
    await using server = await startTlsServer({ identity: pki.server(), secureOptions: SSL_OP_NO_TICKET, maxVersion: 'TLSv1.2' });

    const result = await runScenario(onServer('resumption-after-anchor-rotation'), { pki, target: server, version: 'TLSv1.2' });

    expect(result).toMatchObject({ status: 'not-judged', unsuitable: true, message: expect.stringContaining('none can outlive anything') });
  });

  test('that authorizes by name is tried with the peer that it lets in', async () => {
    const spiffeId = 'spiffe://example.test/workload';
    await using server = await startTlsServer({
      identity: pki.server(),
      verifyPeer: ({ spiffeId: presented }) => presented === spiffeId || 'not the workload',
    });

    const results = await Promise.all(
      ['tls13-only-client', 'one-byte-at-a-time', 'sni-absent', 'resumption-after-revocation', 'wrong-finished'].map((id) =>
        runScenario(onServer(id), { pki, target: server, authorizes: { spiffeId } }),
      ),
    );

    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'as-expected'));
  });
});

describe('an attempt function', () => {
  test.for(versions)('runs a client without certificate (%s)', async (version) => {
    await using strict = await startHttpsServer((_request, response) => response.end(), { identity: pki.server() });
    await using lenient = await startHttpsServer((_request, response) => response.end(), { identity: pki.server(), clientAuth: 'request' });

    const refused = await runScenario(onServer('no-client-certificate'), { pki, target: requestTo(strict.port), version });
    const admitted = await runScenario(onServer('no-client-certificate'), { pki, target: requestTo(lenient.port), version });

    expect(refused).toMatchObject({ status: 'as-expected' });
    expect(admitted).toMatchObject({ status: 'unexpected', message: expect.stringContaining('the attempt succeeded') });
  });

  test('that fails for the valid client too is not judged', async () => {
    const result = await runScenario(onServer('no-client-certificate'), { pki, target: () => Promise.reject(new Error('403 Forbidden')) });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid client was refused') });
  });

  test.for(['garbage-first-flight', 'tls10-only', 'resumption-without-certificate'])('cannot run %s', async (id) => {
    const result = await runScenario(onServer(id), { pki, target: () => Promise.reject(new Error('never called')) });

    expect(result).toMatchObject({ status: 'not-judged', unsuitable: true });
  });
});

describe('a client under test', () => {
  test('that refuses every server is not judged', async () => {
    const result = await runScenario(onClient('server-garbage'), { pki, target: byHttps({ ca: createPki().anchors }) });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the valid server was refused') });
  });

  test.for([
    ['fails before it connects', () => Promise.reject(new Error('not configured')), 'not-judged', 'no connection reached the server'],
    ['answers from a cache', () => Promise.resolve('ok'), 'unexpected', 'not by this server'],
  ] as const)('that %s has not met the fault', async ([, target, status, words]) => {
    const result = await runScenario(onClient('server-garbage'), { pki, target, controlled: true });

    expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  test('whose code fails is not judged', async () => {
    const target: ClientCall = (peer) =>
      byHttps()(peer).catch(() => {
        throw new TypeError('client.connect is not a function');
      });

    const result = await runScenario(onClient('server-garbage'), { pki, target, controlled: true });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('the code itself failed') });
  });

  test('is held to the reason that its user expects', async () => {
    const target: ClientCall = (peer) =>
      byHttps()(peer).catch(() => {
        throw Object.assign(new Error('garbage'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
      });

    const [same, other] = await Promise.all(
      ['WRONG_VERSION_NUMBER', 'UNEXPECTED_MESSAGE'].map((reason) =>
        runScenario(onClient('server-garbage'), { pki, target, controlled: true, expected: { verdict: 'rejected', by: 'client', reason } }),
      ),
    );

    expect(same).toMatchObject({ status: 'as-expected' });
    expect(other).toMatchObject({ status: 'unexpected', message: expect.stringContaining('for another reason, WRONG_VERSION_NUMBER') });
  });
});

test('a target that does not fit the side under test is refused before anything opens', async () => {
  const misuse = [
    [onServer('no-client-certificate'), 'localhost:443'],
    [onClient('server-garbage'), { host: 'localhost', port: 1 }],
  ] as const;

  for (const [scenario, target] of misuse)
    await expect(runScenario(scenario, { pki, target } as unknown as RunOptions<ServerTarget & ClientCall>)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      facts: { option: 'target' },
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
