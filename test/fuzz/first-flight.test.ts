import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import http2 from 'node:http2';
import tls from 'node:tls';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type Handshake,
  observe,
  type ObservedServer,
  type ObserveOptions,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';
import { firstFlights, send } from './first-flights.ts';

const pki = createPki();
const flights = await firstFlights();
/** A client that sends no octet performs no handshake. */
const spoken = flights.filter(({ pieces }) => pieces.some(({ length }) => length > 0));

const servers: readonly (readonly [what: string, start: () => Promise<ObservedServer>])[] = [
  ['a tls server', () => startTlsServer({ identity: pki.server() })],
  ['a tls server that refuses in silence', () => startTlsServer({ identity: pki.server(), rejection: 'silent' })],
  ['a tls server of TLS 1.2', () => startTlsServer({ identity: pki.server(), maxVersion: 'TLSv1.2' })],
  ['an https server', () => startHttpsServer(answer, { identity: pki.server() })],
  ['an https server that refuses in silence', () => startHttpsServer(answer, { identity: pki.server(), rejection: 'silent' })],
  ['an http2 server', () => startHttp2Server((_request, response) => response.end(), { identity: pki.server(), allowHTTP1: true })],
  ["a tls server of the user's own", () => observed(tls.createServer(pki.server().serverTls))],
  ["a silent https server of the user's own", () => observed(https.createServer(pki.server().serverTls), { rejection: 'silent' })],
  ["an http2 server of the user's own", () => observed(http2.createSecureServer(pki.server().serverTls))],
];

test.for(servers)(
  '%s takes any first flight: a record for each that sends something, and a good client gets in afterwards',
  { timeout: 60_000 },
  async ([, start]) => {
    const server = await start();

    await sendAll(server);

    expect(server.handshakes).toHaveLength(spoken.length);
    expect(await attemptHandshake(server, { identity: pki.client() })).toMatchObject({ verdict: 'accepted' });
    expect(server.handshakes).toHaveLength(spoken.length + 1);
    await server.close();
  },
);

test('a server whose certificates are exchanged on the wire takes any first flight', { timeout: 60_000 }, async () => {
  const other = createPki().server().certificate.raw;
  const server = await startTlsServer({ identity: pki.server(), certificateMessage: [other] });

  await sendAll(server);

  expect(server.handshakes).toHaveLength(spoken.length);
  const good = await attemptHandshake(server, { identity: pki.client() });
  expect(good).toMatchObject({ verdict: 'rejected', rejectedBy: 'client' });
  await server.close();
});

test('first flights all at once are recorded once each, and so is the good client between them', { timeout: 60_000 }, async () => {
  const server = await startTlsServer({ identity: pki.server() });

  const [good] = await Promise.all([
    attemptHandshake(server, { identity: pki.client() }),
    ...flights.map((flight) => send(flight, server)),
  ]);

  expect(good.verdict).toBe('accepted');
  const handshakes: Handshake[] = [];
  while (handshakes.length <= spoken.length) handshakes.push(await server.nextHandshake());
  expect(handshakes.filter(({ verdict }) => verdict === 'accepted')).toHaveLength(1);
  expect(server.handshakes).toHaveLength(spoken.length + 1);
  await server.close();
});

test('a hello is understood in however many pieces and records it comes', async () => {
  const server = await startTlsServer({ identity: pki.server() });
  const cut = flights.filter(
    ({ name, leaving }) => /octet by octet|in odd pieces|in records of/u.test(name) && leaving === 'end' && !name.startsWith('hello 3'),
  );

  for (const flight of cut) {
    await send(flight, server);
    const { messages } = await server.nextHandshake();
    expect(
      messages.filter(({ sentBy, type }) => sentBy === 'client' && type === 'client_hello'),
      flight.name,
    ).toHaveLength(1);
    expect(
      messages.filter(({ sentBy, type }) => sentBy === 'server' && type === 'server_hello'),
      flight.name,
    ).toHaveLength(1);
  }

  expect(cut.length).toBeGreaterThan(8);
  await server.close();
});

async function sendAll(server: ObservedServer): Promise<void> {
  for (const flight of flights) {
    await send(flight, server);
    if (spoken.includes(flight)) requireSound(await server.nextHandshake(), flight.name);
  }
}

function answer(_request: IncomingMessage, response: ServerResponse): void {
  response.end();
}

async function observed(server: tls.Server, options?: ObserveOptions): Promise<ObservedServer> {
  const owner = observe(server, { identity: pki.server(), ...options });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return owner;
}

/** Refused, and told in full: nothing of it may fail on what a client made up. */
function requireSound(handshake: Handshake, name: string): void {
  const told = handshake.explain();
  expect(handshake.verdict, name).toBe('rejected');
  expect(handshake.clientAuthenticated, name).toBe(false);
  expect(told.split('\n').length, name).toBeLessThanOrEqual(25);
  expect(/[\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}]/u.test(told), name).toBe(false);
  expect(JSON.parse(JSON.stringify(handshake)), name).toMatchObject({ verdict: 'rejected' });
  expect(handshake.messages.length + handshake.toPcapng().length, name).toBeGreaterThan(0);
}
