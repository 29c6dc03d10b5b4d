import { describe, expect, test } from 'vitest';
import { createPki } from '../../../../src/index.ts';
import { alterBody } from '../../../../src/wire/engine/edits.ts';
import type { EngineConnection } from '../../../../src/wire/engine/engine-connection.ts';
import type { ClientOptions, ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { between, credentialOf, endOf } from '../engine-peers.ts';

const pki = createPki({ name: 'engine' });
const [alice, bob] = [credentialOf(pki.client('alice')), credentialOf(pki.client('bob'))];
const client: ClientOptions = { version: 'TLSv1.2', credential: alice, servername: 'localhost', timeout: 2000 };
const server: ServerOptions = { version: 'TLSv1.2', credential: credentialOf(pki.server()), requestCertificate: true, timeout: 2000 };

/** Both ends of a connection whose first handshake is complete. */
async function connected(more: { readonly client?: object; readonly server?: object } = {}): Promise<{
  readonly client: EngineConnection;
  readonly server: EngineConnection;
}> {
  const ends = await between({ ...client, ...more.client }, { ...server, ...more.server });
  if ('kind' in ends.client || 'kind' in ends.server) throw new Error(`the first handshake ended: ${JSON.stringify(ends)}`);
  return { client: ends.client, server: ends.server };
}

describe('a renegotiation', () => {
  test('that the client begins can present another certificate', async () => {
    const ends = await connected();
    const reading = ends.server.read();

    await ends.client.renegotiate({ credential: bob });
    await ends.client.write(Buffer.from('after'));

    expect(String(await reading)).toBe('after');
    expect(ends.server.peerCertificates).toEqual(bob.certificates);
  });

  test('that the server begins gives it the certificate of the client', async () => {
    const ends = await connected({ server: { requestCertificate: true } });
    const reading = ends.client.read();

    const certificates = await ends.server.requestCertificate();
    await ends.server.write(Buffer.from('after'));

    expect(certificates).toEqual(alice.certificates);
    expect(String(await reading)).toBe('after');
  });

  test('leaves data that came meanwhile to be read', async () => {
    const ends = await connected();
    await ends.server.write(Buffer.from('before'));
    const reading = ends.server.read();

    await ends.client.renegotiate();
    await ends.client.write(Buffer.from('done'));

    expect(String(await ends.client.read())).toBe('before');
    expect(String(await reading)).toBe('done');
  });

  test('is refused where it does not prove the handshake before (RFC 5746 3.7), unless that is not looked at', async () => {
    const forged = alterBody('client_hello', (body, { handshake }) => (handshake === 1 ? body : forgedInfo(body)));
    const strict = await connected({ client: { edits: { hello: forged } } });
    const lax = await connected({
      client: { edits: { hello: forged }, skipped: new Set(['renegotiation-info']) },
      server: { skipped: new Set(['renegotiation-info']) },
    });
    const atServer = endOf(strict.server.read());
    const reading = lax.server.read();

    const refused = await endOf(strict.client.renegotiate());
    await lax.client.renegotiate();
    await lax.client.write(Buffer.from('after'));

    expect(refused).toMatchObject({ kind: 'refused', alert: { name: 'handshake_failure' } });
    expect(await atServer).toMatchObject({ kind: 'wrong-answer', alert: 'handshake_failure', step: 'client application_data' });
    expect(String(await reading)).toBe('after');
  });

  test('asks for the certificate again, unless the server keeps that of the first handshake', async () => {
    const correct = await connected();
    const broken = await connected({ server: { skipped: new Set(['renegotiation-certificate']) } });
    const [atCorrect, atBroken] = [correct.server.read(), broken.server.read()];

    await correct.client.renegotiate({ servername: 'other.test', credential: bob });
    await broken.client.renegotiate({ servername: 'other.test', credential: bob });
    await correct.client.write(Buffer.from('x'));
    await broken.client.write(Buffer.from('x'));
    await Promise.all([atCorrect, atBroken]);

    expect(correct.server.peerCertificates).toEqual(bob.certificates);
    expect(broken.server.peerCertificates).toEqual(alice.certificates);
  });
});

function forgedInfo(body: Buffer): Buffer {
  const at = body.indexOf(Buffer.from('ff01000d0c', 'hex'));
  if (at < 0) throw new TypeError('the hello has no renegotiation_info with verify_data');
  return body.fill(0, at + 5, at + 17);
}
