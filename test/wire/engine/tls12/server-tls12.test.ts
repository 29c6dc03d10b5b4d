import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createPki, type Identity, type KeyAlgorithm } from '../../../../src/index.ts';
import type { ServerOptions } from '../../../../src/wire/engine/peer-options.ts';
import { credentialOf } from '../engine-peers.ts';
import { engineServer, type EngineServer } from './peers.ts';

const pki = createPki({ name: 'engine' });
const alice = pki.client('alice');
const options: ServerOptions = { version: 'TLSv1.2', credential: credentialOf(pki.server()), requestCertificate: true };

/** What Node's client made of one connection to a server of the engine. */
interface Call {
  readonly said: string;
  readonly resumed: boolean;
  readonly cipher: string;
  readonly session: Buffer | undefined;
}

async function call({ port }: EngineServer, clientOptions: tls.ConnectionOptions): Promise<Call> {
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', maxVersion: 'TLSv1.2', ...clientOptions });
  let session: Buffer | undefined;
  socket.on('session', (given: Buffer) => (session = given));
  const [said] = (await once(socket, 'data')) as [Buffer]; // or it rejects with the socket's error
  socket.write('echo');
  const [echoed] = (await once(socket, 'data')) as [Buffer]; // as above
  if (String(echoed) !== 'echo') throw new Error(`the echo was ${String(echoed)}`);
  const seen = { said: String(said), resumed: socket.isSessionReused(), cipher: socket.getCipher().standardName };
  socket.end();
  await once(socket, 'close');
  return { ...seen, session };
}

const presenting = (identity: Identity): tls.ConnectionOptions => identity.tls;

describe('a server of the engine and a client of Node.js', () => {
  test.for(['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] satisfies readonly KeyAlgorithm[])(
    'complete a handshake with keys of the kind %s on both sides',
    async (keyAlgorithm) => {
      await using server = await engineServer({ ...options, credential: credentialOf(pki.server({ keyAlgorithm })) });

      const { said } = await call(server, presenting(pki.client('alice', { keyAlgorithm })));

      expect(said).toBe('2 certificates false');
    },
  );

  test.for([
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'x25519'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'secp256r1'],
    ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'secp384r1'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'secp521r1'],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'x448'],
  ] as const)('complete a handshake with %s and %s', async ([cipherSuite, group]) => {
    await using server = await engineServer({ ...options, cipherSuites: [cipherSuite], groups: [group] });

    const { said, cipher } = await call(server, { ...presenting(alice), ecdhCurve: 'X25519:P-256:P-384:P-521:X448' });

    expect(said).toBe('2 certificates false');
    expect(cipher).toBe(cipherSuite);
  });

  test.for([true, false])('complete a handshake where the server takes the extended master secret: %s', async (extendedMasterSecret) => {
    await using server = await engineServer({ ...options, extendedMasterSecret });

    expect((await call(server, presenting(alice))).said).toBe('2 certificates false');
  });

  test('complete a handshake without a client certificate where none is asked for', async () => {
    await using server = await engineServer({ ...options, requestCertificate: false });

    expect((await call(server, presenting(alice))).said).toBe('0 certificates false');
  });

  test('complete a handshake without a client certificate where one is asked for and not required', async () => {
    await using server = await engineServer({ ...options, requireCertificate: false });

    expect((await call(server, { ca: pki.anchors })).said).toBe('0 certificates false');
  });
});

describe('a server of the engine resumes the session of a client of Node.js', () => {
  test('by a ticket, which keeps the certificate of the client', async () => {
    await using server = await engineServer({ ...options, tickets: true });

    const first = await call(server, presenting(alice));
    const second = await call(server, { ...presenting(alice), ...(first.session && { session: first.session }) });

    expect([first.resumed, second.resumed]).toEqual([false, true]);
    expect([first.said, second.said]).toEqual(['2 certificates false', '2 certificates true']);
  });

  test('and performs a full handshake where the client asks for another name', async () => {
    await using server = await engineServer({ ...options, tickets: true });

    const first = await call(server, presenting(alice));
    const { session } = first;
    const second = await call(server, {
      ...presenting(alice),
      servername: 'other.test',
      checkServerIdentity: () => undefined,
      ...(session && { session }),
    });

    expect([first.resumed, second.resumed]).toEqual([false, false]);
  });
});

describe('a server of the engine refuses a client of Node.js', () => {
  test('without a certificate, with handshake_failure', async () => {
    await using server = await engineServer(options);

    await expect(call(server, { ca: pki.anchors })).rejects.toThrow(/alert number 40/u);

    expect(await server.ends[0]).toMatchObject({ kind: 'wrong-answer', alert: 'handshake_failure', step: 'client certificate' });
  });

  test('that its judge refuses, with the alert of the judge', async () => {
    await using server = await engineServer({ ...options, checkClient: () => 'certificate_expired' });

    await expect(call(server, presenting(alice))).rejects.toThrow(/alert number 45/u);

    expect(await server.ends[0]).toMatchObject({ kind: 'wrong-answer', alert: 'certificate_expired', step: 'client certificate' });
  });

  test('whose suites it does not have, with handshake_failure', async () => {
    await using server = await engineServer({ ...options, cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] });

    await expect(call(server, { ...presenting(alice), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).rejects.toThrow(/alert number 40/u);

    expect(await server.ends[0]).toMatchObject({ kind: 'wrong-answer', alert: 'handshake_failure', step: 'client client_hello' });
  });

  test('of an older version, with protocol_version', async () => {
    await using server = await engineServer(options);
    const older: tls.ConnectionOptions = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

    await expect(call(server, { ...presenting(alice), ...older })).rejects.toThrow(/alert number 70/u);

    expect(await server.ends[0]).toMatchObject({ kind: 'wrong-answer', alert: 'protocol_version', step: 'client client_hello' });
  });
});
