import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../src/handshake/attempt/attempt-options.ts';
import { createPki } from '../../src/index.ts';
import { runScenario } from '../../src/scenarios/run/run-scenario.ts';
import type { ServerConfiguration } from '../../src/scenarios/run/target.ts';
import { describeServerUnderTest } from '../../src/vitest/index.ts';
import { type Script, startClearTextServer, willing } from '../wire/starttls/clear-text-server.ts';
import { onServer } from './protocol/scenario.ts';

const pki = createPki();

/** A Node server of mutual TLS, of which nothing is observed, behind a prologue in clear text. */
async function startBehindStarttls(
  { identity, trust, crl }: ServerConfiguration,
  script: Script = willing('smtp'),
): Promise<Endpoint & { close(): Promise<void> }> {
  const server = tls.createServer(
    { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true, ...(crl && { crl }) },
    (socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    },
  );
  const front = await startClearTextServer(script, { upgrade: (socket) => void server.emit('connection', socket) });
  const { host, port } = front;
  return { host, port, servername: 'localhost', starttls: 'smtp', close: async () => front[Symbol.asyncDispose]() };
}

describeServerUnderTest('a server that wants STARTTLS', { start: (usual) => startBehindStarttls(usual) }, { pki, stack: 'node' });

describe('a running server that wants STARTTLS', () => {
  test.for(['no-client-certificate', 'resumption-without-certificate', 'empty-certificate-list-then-data', 'sni-unknown'])(
    'is judged by %s as one of TLS is',
    async (id) => {
      const target = await startBehindStarttls({ identity: pki.server(), trust: pki.anchors });
      onTestFinished(() => target.close());

      const result = await runScenario(onServer(id), { pki, target, version: 'TLSv1.3', stack: 'node' });

      expect(result).toMatchObject({ status: 'as-expected' });
    },
  );

  test('is judged by a renegotiation', async () => {
    const target = await startBehindStarttls({ identity: pki.server(), trust: pki.anchors });
    onTestFinished(() => target.close());

    const result = await runScenario(onServer('renegotiation-client-initiated-tls12'), { pki, target, version: 'TLSv1.2', stack: 'node' });

    expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('node is known to answer otherwise') });
    expect(result.message).toContain('the renegotiation was accepted');
  });

  test('is not judged by clients that misbehave, which it would refuse in clear text', async () => {
    const target = await startBehindStarttls({ identity: pki.server(), trust: pki.anchors });
    onTestFinished(() => target.close());

    const result = await runScenario(onServer('garbage-first-flight'), { pki, target });

    expect(result).toMatchObject({ status: 'not-judged', unsuitable: true, message: expect.stringContaining('STARTTLS') });
  });

  test.for(['no-client-certificate', 'resumption-without-certificate', 'empty-certificate-list-then-data'])(
    'has refused no client by %s where it does not begin TLS',
    async (id) => {
      const unwilling: Script = (server) => server.say('421 too busy\r\n');
      const target = await startBehindStarttls({ identity: pki.server(), trust: pki.anchors }, unwilling);
      onTestFinished(() => target.close());

      const result = await runScenario(onServer(id), { pki, target, controlled: true });

      expect(result).toMatchObject({ status: 'not-judged', message: expect.stringContaining('421 too busy') });
      expect(result.unsuitable).toBeUndefined();
    },
  );
});
