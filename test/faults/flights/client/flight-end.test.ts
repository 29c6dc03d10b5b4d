import type net from 'node:net';
import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../../src/index.ts';
import { sendClientFault } from '../../../../src/scenarios/index.ts';
import { tcpServer } from '../../../handshake/attempt/unobserved-servers.ts';

const pki = createPki({ name: 'flight end' });
const identity = pki.client();
const fault = { kind: 'edited-flight', flight: 'client-certificate-verify-left-out' } as const;
const otherVersion = { 'TLSv1.2': 'TLSv1.3', 'TLSv1.3': 'TLSv1.2' } as const;

test.for<[what: string, answer: (socket: net.Socket) => void, end: object, lastLine: string]>([
  [
    'speaks no TLS',
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    { kind: 'not-tls', how: 'the peer sent "HTTP/1.1 400 Bad Request....", which is not TLS' },
    '<-- 28 octets that are not TLS',
  ],
  ['never answers', () => {}, { kind: 'silent', how: 'nothing came within 400 ms' }, 'ClientHello (1.3, SNI localhost) -->'],
  [
    'closes the connection',
    (socket) => socket.end(),
    { kind: 'closed', how: 'the peer closed the connection' },
    '<-- leaves without an alert',
  ],
  ['resets the connection', (socket) => socket.resetAndDestroy(), { kind: 'reset', how: 'the connection was reset' }, '<-- resets'],
])('a server that %s has not met the fault, and the step is named', async ([, answer, end, lastLine]) => {
  await using server = await tcpServer((socket) => socket.once('data', () => answer(socket)));

  const outcome = await sendClientFault({ host: '127.0.0.1', port: server.port }, fault, { identity, timeout: 400 });

  expect(outcome).toMatchObject({ faultSent: false, applicationData: false, flight: { isCompleted: false, sent: [] } });
  expect(outcome.flight?.end).toEqual({ code: 'HANDSHAKE_ENDED', step: 'server server_hello', ...end });
  expect(lastLineOf(outcome.flight?.transcript)).toBe(lastLine);
});

test.for(['TLSv1.2', 'TLSv1.3'] as const)('a server of %s alone refuses the other version by its first message', async (version) => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), {
    identity: pki.server(),
    minVersion: version,
    maxVersion: version,
  });
  const range = (each: 'TLSv1.2' | 'TLSv1.3'): object => ({ identity, minVersion: each, maxVersion: each });

  const [other, own] = [
    await sendClientFault(server, fault, range(otherVersion[version])),
    await sendClientFault(server, fault, range(version)),
  ];

  const step = 'server server_hello';
  expect(other).toMatchObject({
    faultSent: false,
    alert: { name: 'protocol_version' },
    flight: { end: { code: 'HANDSHAKE_ENDED', kind: 'refused', step, how: 'the peer sent the alert protocol_version' } },
  });
  expect(own).toMatchObject({ faultSent: true, flight: { end: { kind: 'refused', how: 'the peer sent the alert unexpected_message' } } });
  expect(own.flight?.end?.step).not.toBe(step);
});

test('a handshake that is completed has no end', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });

  const { flight } = await sendClientFault(server, { ...fault, flight: 'second-hello-other-name' }, { identity }); // which Node.js accepts (measured on 26.10)

  expect(flight).toMatchObject({ isCompleted: true });
  expect(flight).not.toHaveProperty('end');
});

function lastLineOf(transcript = ''): string | undefined {
  const last = transcript.split('\n').at(-1) ?? '';
  return last
    .replace(/ +\d+\.\d ms/u, '')
    .replaceAll(/ +/gu, ' ')
    .trim();
}
