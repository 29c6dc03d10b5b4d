import type net from 'node:net';
import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../../src/index.ts';
import type { ScenarioResult } from '../../../../src/scenarios/records/scenario-result.ts';
import { type RunOptions, runScenario } from '../../../../src/scenarios/run/run-scenario.ts';
import type { ServerTarget } from '../../../../src/scenarios/run/target.ts';
import { tcpServer } from '../../../handshake/attempt/unobserved-servers.ts';
import { leaveOut } from '../../../../src/wire/engine/edits.ts';
import type { FlightEdit } from '../../../../src/wire/engine/flight.ts';
import { startEngineServer } from '../../../mutants/flights/engine-server.ts';
import { onServer } from '../../protocol/scenario.ts';

const pki = createPki({ name: 'edited flights' });
const id = 'client-certificate-verify-left-out';

function run(target: ServerTarget, options: Partial<RunOptions<ServerTarget>> = {}): Promise<ScenarioResult> {
  return runScenario(onServer(id), { pki, target, ...options });
}

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'the result shows the messages of both sides, and the one that was left out (%s)',
  async (version) => {
    await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki });

    const { status, message } = await run(server, { version });
    const [sentence, ...transcript] = message.split('\n');

    expect({ status, sentence }).toEqual({
      status: 'as-expected',
      sentence: expect.stringContaining('refused it with the alert unexpected_message'),
    });
    expect(transcript.filter((line) => line.includes('CertificateVerify (left out by the scenario)'))).toHaveLength(1);
    expect(transcript.find((line) => line.startsWith('>'))).toContain('<--  alert unexpected_message (10)');
  },
);

test('a server that accepts what it should refuse fails with the same transcript', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki });

  const result = await runScenario(onServer('second-hello-other-name'), { pki, target: server }); // which Node.js accepts (measured on 26.10)

  expect(result.status).not.toBe('as-expected');
  expect(result.message).toContain('second ClientHello (with another server name; edited by the scenario)');
  expect(result.message.split('\n').find((line) => line.startsWith('>'))).toContain('Finished');
});

test.for<[what: string, answer: (socket: net.Socket) => void, how: string]>([
  [
    'speaks no TLS',
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'the peer sent "HTTP/1.1 400 Bad Request....", which is not TLS',
  ],
  ['never answers', () => {}, 'nothing came within 400 ms'],
  ['closes the connection', (socket) => socket.end(), 'the server ended the connection (closed)'],
])('a server that %s in the control is not judged, and the step is named', async ([, answer, how]) => {
  await using server = await tcpServer((socket) => socket.once('data', () => answer(socket)));

  const result = await run({ host: '127.0.0.1', port: server.port }, { timeout: 400, controlled: true });

  expect(result).toMatchObject({
    status: 'not-judged',
    message: `${id} (TLSv1.3): not judged: the same handshake unedited was not accepted: ${how} (HANDSHAKE_ENDED at "server server_hello")`,
  });
});

/** It asks for a certificate in TLS 1.3 alone. */
const askingInTls13: FlightEdit = (messages, context) =>
  context.version === 'TLSv1.2' ? leaveOut('certificate_request')(messages, context) : messages;

test.for([
  ['resumes the session there', ['ticket-version'], {}, 'unexpected', 'but the server resumed a session of TLS 1.3 in TLS 1.2'],
  ['asks for the certificate there', [], {}, 'as-expected', 'but by a full handshake that asks for the certificate'],
  [
    'asks for no certificate there',
    [],
    { server: askingInTls13 },
    'unexpected',
    'by a full handshake that does not ask for the certificate',
  ],
] as const)('a server that goes back to TLS 1.2 after a HelloRetryRequest and %s', async ([, skipped, edits, status, words]) => {
  const server = await startEngineServer(
    { version: 'TLSv1.3', lowers: true, skipped, edits },
    { identity: pki.server(), trust: pki.anchors },
  );

  const target = { host: server.host, port: server.port, servername: 'localhost' };
  const result = await runScenario(onServer('second-hello-of-tls12-with-session'), { pki, target });
  server.close();

  expect(result).toMatchObject({ status, message: expect.stringContaining(words) });
});

test('a server without TLS 1.2 refuses to go back to it', async () => {
  const server = await startEngineServer({ version: 'TLSv1.3' }, { identity: pki.server(), trust: pki.anchors });

  const target = { host: server.host, port: server.port, servername: 'localhost' };
  const result = await runScenario(onServer('second-hello-of-tls12-with-session'), { pki, target });
  server.close();

  expect(result).toMatchObject({ status: 'as-expected', alert: { name: 'protocol_version' } });
});

test.for([
  ['TLSv1.2', 'TLSv1.3'],
  ['TLSv1.3', 'TLSv1.2'],
] as const)('a server of %s alone is not judged with %s', async ([own, version]) => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki, minVersion: own, maxVersion: own });

  const [other, same] = [await run(server, { version, controlled: true }), await run(server, { version: own })];

  expect(other).toMatchObject({
    status: 'not-judged',
    message: expect.stringContaining('refused with the alert protocol_version (HANDSHAKE_ENDED at "server server_hello")'),
  });
  expect(same.status).toBe('as-expected');
});
