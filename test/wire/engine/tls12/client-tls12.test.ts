import { constants } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPki, type KeyAlgorithm } from '../../../../src/index.ts';
import type { ClientOptions } from '../../../../src/wire/engine/peer-options.ts';
import { runClientHandshake } from '../../../../src/wire/engine/run-handshake.ts';
import { credentialOf, endOf } from '../engine-peers.ts';
import { nodeServer, visit } from './peers.ts';

const pki = createPki({ name: 'engine' });
const serverTls = pki.server().serverTls;
const options: ClientOptions = { version: 'TLSv1.2', credential: credentialOf(pki.client('alice')), servername: 'localhost' };
const rsaServerTls = pki.server({ keyAlgorithm: 'rsa-2048' }).serverTls;
const rsaOptions: ClientOptions = { ...options, credential: credentialOf(pki.client('alice', { keyAlgorithm: 'rsa-2048' })) };

describe('a client of the engine and a server of Node.js', () => {
  test.for(['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-2048', 'rsa-pss-2048'] satisfies readonly KeyAlgorithm[])(
    'complete a handshake with keys of the kind %s on both sides',
    async (keyAlgorithm) => {
      await using server = await nodeServer(pki.server({ keyAlgorithm }).serverTls);

      const { connection, said } = await visit(server.connect(), {
        ...options,
        credential: credentialOf(pki.client('alice', { keyAlgorithm })),
      });
      await connection.close();

      expect(said).toBe('CN=alice false');
      expect(connection).toMatchObject({ version: 'TLSv1.2', resumed: false });
      expect(connection.peerCertificates).toHaveLength(2);
    },
  );

  // With RSA: the curve of an ECDSA certificate has to be among the client's groups as well (RFC 8422 5.1).
  test.for([
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'x25519'],
    ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'secp256r1'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'secp384r1'],
    ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'secp521r1'],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'x448'],
  ] as const)('complete a handshake with %s and %s', async ([cipherSuite, group]) => {
    await using server = await nodeServer({ ...rsaServerTls, ecdhCurve: 'X25519:P-256:P-384:P-521:X448' });

    const { connection, said } = await visit(server.connect(), { ...rsaOptions, cipherSuites: [cipherSuite], groups: [group] });
    await connection.close();

    expect(said).toBe('CN=alice false');
    expect(connection.agreed).toMatchObject({ cipherSuite, group });
  });

  test('complete a handshake without the extended master secret where the client does not offer it', async () => {
    await using server = await nodeServer(serverTls);

    const { connection, said } = await visit(server.connect(), { ...options, extendedMasterSecret: false });
    await connection.close();

    expect(said).toBe('CN=alice false');
    expect(connection.agreed.extendedMasterSecret).toBe(false);
  });

  test('agree on a protocol of the application', async () => {
    await using server = await nodeServer({ ...serverTls, ALPNProtocols: ['h2', 'http/1.1'] });

    const { connection } = await visit(server.connect(), { ...options, alpnProtocols: ['http/1.1'] });
    await connection.close();

    expect(connection.agreed.alpnProtocol).toBe('http/1.1');
  });

  test('log the secret that Node.js logs', async () => {
    const lines: string[] = [];
    await using server = await nodeServer(serverTls);

    const { connection } = await visit(server.connect(), { ...options, onKeyLog: (line) => lines.push(line) });
    await connection.close();

    expect(lines).toEqual([expect.stringMatching(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/u)]);
  });

  test('close with close_notify on both sides', async () => {
    await using server = await nodeServer(serverTls);

    const { connection } = await visit(server.connect(), options);
    await connection.close();

    expect(await connection.read()).toBeUndefined();
  });
});

describe('a client of the engine resumes a session of a server of Node.js', () => {
  test.for([
    ['by a ticket', 0],
    ['by its id', constants.SSL_OP_NO_TICKET],
  ] as const)('%s', async ([, secureOptions]) => {
    await using server = await nodeServer({ ...serverTls, secureOptions, keepsSessions: true });
    const first = await visit(server.connect(), options);
    await first.connection.close();
    const { session } = first.connection;

    const second = await visit(server.connect(), { ...options, ...(session && { session }) });
    await second.connection.close();

    expect(session?.ticket.length === 0).toBe(secureOptions !== 0);
    expect([first.said, second.said]).toEqual(['CN=alice false', 'CN=alice true']);
    expect([first.connection.resumed, second.connection.resumed]).toEqual([false, true]);
    expect(second.connection.peerCertificates).toEqual(first.connection.peerCertificates);
  });

  test('and gets a full handshake where the server does not know it', async () => {
    await using server = await nodeServer(serverTls);
    await using other = await nodeServer(serverTls);
    const { connection } = await visit(server.connect(), options);
    await connection.close();

    const second = await visit(other.connect(), { ...options, ...(connection.session && { session: connection.session }) });
    await second.connection.close();

    expect(second.said).toBe('CN=alice false');
    expect(second.connection.resumed).toBe(false);
  });
});

describe('a client of the engine renegotiates with a server of Node.js', () => {
  test('and both verify the handshake before', async () => {
    await using server = await nodeServer(serverTls);
    const { connection } = await visit(server.connect(), options);

    await connection.renegotiate();
    await connection.write(Buffer.from('after'));
    const echoed = await connection.read();
    await connection.close();

    expect(String(echoed)).toBe('after');
  });

  test('and is refused where renegotiation_info is of another connection', async () => {
    await using server = await nodeServer(serverTls);
    const edits: NonNullable<ClientOptions['edits']> = {
      hello: ([hello], { handshake }) =>
        hello
          ? [{ ...hello, body: (context) => (handshake === 1 ? hello.body(context) : withoutVerifyData(Buffer.from(hello.body(context)))) }]
          : [],
    };
    const { connection } = await visit(server.connect(), { ...options, edits });

    const end = await endOf(connection.renegotiate());

    expect(end).toMatchObject({ kind: 'refused', alert: { name: 'handshake_failure' }, step: 'server server_hello' });
  });
});

describe('a client of the engine says how a server of Node.js ended a handshake', () => {
  test('by an alert, for a client without a certificate', async () => {
    await using server = await nodeServer(serverTls);

    const { credential: _, ...without } = options;
    const end = await endOf(runClientHandshake(server.connect(), without));

    expect(end).toMatchObject({
      kind: 'refused',
      alert: { name: 'handshake_failure', sentBy: 'server' },
      step: 'server new_session_ticket',
    });
  });

  test('by an alert, for a client whose suites it does not have', async () => {
    await using server = await nodeServer({ ...serverTls, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' });

    const end = await endOf(
      runClientHandshake(server.connect(), { ...options, cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] }),
    );

    expect(end).toMatchObject({ kind: 'refused', alert: { name: 'handshake_failure' }, step: 'server server_hello' });
  });

  test('by closing it, for a client of an unknown CA, since Node.js sends no alert', async () => {
    await using server = await nodeServer(serverTls);

    const end = await endOf(runClientHandshake(server.connect(), { ...options, credential: credentialOf(createPki().client('mallory')) }));

    expect(end?.kind).toMatch(/^(closed|reset)$/u);
  });
});

/** Zeros in place of the 12 octets that the client verified, which renegotiation_info holds. */
function withoutVerifyData(hello: Buffer): Buffer {
  const at = hello.indexOf(Buffer.from('ff01000d0c', 'hex'));
  if (at < 0) throw new TypeError('the hello has no renegotiation_info with verify_data');
  return hello.fill(0, at + 5, at + 17);
}
