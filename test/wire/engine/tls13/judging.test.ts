// What each side judges of the other beyond the form of its messages: chains, and what resumption rests on.
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { alterBody, leaveOut } from '../../../../src/wire/engine/edits.ts';
import type { EngineSession } from '../../../../src/wire/engine/engine-session.ts';
import type { FlightEdits } from '../../../../src/wire/engine/flight.ts';
import type { ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { connectionOf, credentialOf, handshakeOf, pki } from '../engine-peers.ts';

const anchors = [new X509Certificate(pki.anchors).raw];
const otherAnchors = [new X509Certificate(createPki({ name: 'other' }).anchors).raw];

test('a client with trust anchors accepts a server that leads to one, and refuses another by unknown_ca', async () => {
  const control = await handshakeOf({ trust: anchors });
  const { client, server } = await handshakeOf({ trust: otherAnchors });
  const lenient = await handshakeOf({ trust: otherAnchors, skipped: new Set(['server-chain']) });

  expect(connectionOf(control.client).peerCertificates.length).toBeGreaterThan(0);
  expect(client).toMatchObject({ kind: 'wrong-answer', alert: 'unknown_ca', step: 'server certificate' });
  expect(server).toMatchObject({ kind: 'refused', alert: { name: 'unknown_ca', sentBy: 'client' } });
  expect(connectionOf(lenient.client).version).toBe('TLSv1.3');
});

test('a client refuses a server whose certificate has expired', async () => {
  const [notBefore, notAfter] = [new Date('2020-01-01T00:00:00Z'), new Date('2020-01-02T00:00:00Z')];
  const credential = credentialOf(pki.server({ notBefore, notAfter }));
  const { client } = await handshakeOf({ trust: anchors }, { credential });

  expect(client).toMatchObject({ kind: 'wrong-answer', alert: 'certificate_expired', step: 'server certificate' });
});

test('a server asks checkClient, with the chain that the client sent', async () => {
  const seen: number[] = [];
  const checkClient = (certificates: readonly Uint8Array[]): 'unknown_ca' => {
    seen.push(certificates.length);
    return 'unknown_ca';
  };
  const options = { requestCertificate: true, checkClient } as const;
  const { server } = await handshakeOf({}, options);
  const lenient = await handshakeOf({}, { ...options, skipped: new Set(['client-chain']) });

  expect(server).toMatchObject({ kind: 'wrong-answer', alert: 'unknown_ca', step: 'client certificate' });
  expect(connectionOf(lenient.server).peerCertificates).toHaveLength(seen[0] ?? 0);
});

/** A session of a client, for the name localhost. */
async function ticketOf(server: Partial<ServerOptions> = {}): Promise<EngineSession> {
  const first = await handshakeOf({}, { tickets: true, ...server });
  await connectionOf(first.server).write(Buffer.from('x'));
  await connectionOf(first.client).read();
  const { session } = connectionOf(first.client);
  if (!session) throw new TypeError('no ticket came');
  return session;
}

/** The hex of the extension psk_key_exchange_modes with psk_dhe_ke. */
const modes = '002d00020101';

test.for<[what: string, edits: FlightEdits, alert: string]>([
  ['a wrong binder', { hello: alterBody('client_hello', (body) => body.fill(1, body.length - 48)) }, 'decrypt_error'],
  [
    'an extension behind pre_shared_key',
    { hello: alterBody('client_hello', (body) => withExtension(body, '00150000')) },
    'illegal_parameter',
  ],
  ['no psk_key_exchange_modes', { hello: alterBody('client_hello', (body) => withoutExtension(body, modes)) }, 'missing_extension'],
])('a server refuses a resumption with %s', async ([, edits, alert]) => {
  const session = await ticketOf();
  const control = await handshakeOf({ session }, { tickets: true });
  const { server } = await handshakeOf({ session, edits }, { tickets: true });

  expect(connectionOf(control.server).resumed).toBe(true);
  expect(server).toMatchObject({ kind: 'wrong-answer', alert, step: 'client client_hello' });
});

test('a server that leaves the check out takes a wrong binder', async () => {
  const session = await ticketOf();
  const edits = { hello: alterBody('client_hello', (body) => body.fill(1, body.length - 48)) };
  const { server } = await handshakeOf({ session, edits }, { tickets: true, skipped: new Set(['psk-binder']) });

  expect(connectionOf(server).resumed).toBe(true);
});

test('a session without a client certificate is not resumed where one is required, unless that check is left out', async () => {
  const session = await ticketOf();
  const strict = await handshakeOf({ session }, { tickets: true, requestCertificate: true });
  const lenient = await handshakeOf({ session }, { tickets: true, requestCertificate: true, skipped: new Set(['ticket-client']) });

  expect(connectionOf(strict.server)).toMatchObject({ resumed: false });
  expect(connectionOf(strict.server).peerCertificates.length).toBeGreaterThan(0);
  expect(connectionOf(lenient.server)).toMatchObject({ resumed: true, peerCertificates: [] });
});

test('a resumed handshake without its Finished does not complete', async () => {
  const session = await ticketOf();
  const { client, server } = await handshakeOf({ session, timeout: 200 }, { tickets: true, edits: { server: leaveOut('finished') } });

  expect(client).toMatchObject({ kind: 'silent', step: 'server finished' });
  expect(server).toMatchObject({ kind: 'closed', step: 'client finished' });
});

/** Adds an extension at the end of a ClientHello. */
function withExtension(body: Buffer, extension: string): Buffer {
  return resized(Buffer.concat([body, Buffer.from(extension, 'hex')]), extension.length / 2);
}

function withoutExtension(body: Buffer, extension: string): Buffer {
  const text = body.toString('hex');
  return resized(Buffer.from(text.replace(extension, ''), 'hex'), -extension.length / 2);
}

/** Corrects the length of the extensions, which follows version, random, session id, three cipher suites and the compression. */
function resized(body: Buffer, by: number): Buffer {
  const at = 2 + 32 + 33 + 2 + 6 + 2;
  body.writeUInt16BE(body.readUInt16BE(at) + by, at);
  return body;
}
