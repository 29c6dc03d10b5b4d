import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/asn1/pem.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../src/index.ts';

/** Node has the option `certificateCompression` from 24.21 on; @types/node does not. */
const canCompress = Number.parseInt(process.versions.node, 10) >= 24;
const pki = createPki({ name: 'compressed' });

describe.runIf(canCompress).for(['zlib', 'brotli', 'zstd'] as const)('certificates compressed with %s', (algorithm) => {
  const compressed = { certificateCompression: [algorithm] };

  test('are presented as others are, in an acceptance and in a refusal', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ...compressed });

    const accepted = await attemptHandshake(server, { identity: pki.client('alice'), ...compressed });
    const refused = await attemptHandshake(server, { identity: pki.client('bob', { notAfter: new Date(0) }), ...compressed });

    expect(accepted).toBeAccepted();
    expect(refused).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
    for (const handshake of [accepted, refused]) {
      const sent = handshake.messages.filter((message) => message.type === 'certificate');
      expect(sent.map(({ sentBy, compression, certificates }) => [sentBy, compression, certificates.length])).toEqual([
        ['server', algorithm, 2],
        ['client', algorithm, 2],
      ]);
      expect(handshake.messages.every(({ type }) => type !== 'unreadable' && type !== 'encrypted')).toBe(true);
      expect(handshake.clientCertificate?.chain).toHaveLength(1);
      expect(handshake.explain()).toContain(`Certificate (compressed, ${algorithm}: `);
      expect(handshake.explain()).not.toMatch(/not sen[dt]/u);
    }
    expect(refused.clientCertificate?.commonName).toBe('bob');
  });

  test('of a client of its own are known to the server', async () => {
    await using server = await startTlsServer({ identity: pki.server(), ...compressed });
    const options = { ...pki.client('alice').tls, ...compressed, host: server.host, port: server.port, servername: 'localhost' };

    const socket = tls.connect(options, () => socket.end('x')).resume();
    const handshake = await server.nextHandshake();

    expect(handshake).toBeAccepted();
    expect([handshake.clientCertificate?.commonName, handshake.clientCertificate?.chain.length]).toEqual(['alice', 1]);
    socket.destroy();
  });

  test('give way to those of `certificateMessage`, on either end', async () => {
    const other = pki.server({ commonName: 'other' });
    await using server = await startTlsServer({ identity: pki.server(), certificateMessage: derOf(other.chainPem), ...compressed });
    await using plain = await startTlsServer({ identity: pki.server(), ...compressed });

    const shownToClient = await attemptHandshake(server, { identity: pki.client(), ...compressed });
    const shownToServer = await attemptHandshake(plain, {
      identity: pki.client(),
      certificateMessage: derOf(pki.client('else').chainPem),
      ...compressed,
    });

    expect(shownToClient).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', serverCertificate: { commonName: 'other' } });
    expect(shownToServer).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', clientCertificate: { commonName: 'else' } });
  });
});

function derOf(pem: string): Uint8Array[] {
  return decodePem(pem).map(({ der }) => der);
}
