import { expect, test } from 'vitest';
import { decodePem } from '../../../src/asn1/pem.ts';
import { attemptHandshake, createPki, type Identity, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { certificateRewriter } from '../../../src/wire/rewrite/certificate-rewriter.ts';
import { TrafficSecrets } from '../../../src/wire/records/traffic-secrets.ts';

const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const pki = createPki({ name: 'rewriter' });
const good = pki.client('good');

test.for(versions)('the same certificates, put in again, leave a client accepted (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, {
    identity: good,
    certificateMessage: chain(good),
    minVersion: version,
    maxVersion: version,
  });

  expect(handshake.verdict, handshake.explain()).toBe('accepted');
});

test.for(
  versions.flatMap((version) =>
    (
      [
        ['a certificate of another key', chain(pki.client('other')), 'PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'],
        ['bytes that are not DER', [Buffer.from('no certificate at all')], 'TOO_LONG', 'decode_error'],
        ['an empty entry', [Buffer.alloc(0), ...chain(good)], 'TOO_SMALL', 'decode_error'],
      ] as const
    ).map(([what, certificates, reason, alert]) => ({ version, what, certificates, reason, alert })),
  ),
)('a server is shown $what by a client ($version)', async ({ version, certificates, reason, alert }) => {
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, {
    identity: good,
    certificateMessage: certificates,
    minVersion: version,
    maxVersion: version,
  });

  expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason, alert: { name: alert } });
});

test.for(versions)('a client is shown a certificate of another key by a server (%s)', async (version) => {
  const other = pki.server({ commonName: 'other' });
  await using server = await startHttpsServer((_request, response) => response.end(), {
    identity: pki.server(),
    certificateMessage: chain(other),
  });

  const handshake = await attemptHandshake(server, { identity: good, minVersion: version, maxVersion: version });

  expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'PROVIDER_SIGNATURE_FAILURE' });
  expect(handshake.serverCertificate?.commonName).toBe('other');
});

test.for(versions)('a chain that takes several records is shown whole (%s)', async (version) => {
  await using server = await startTlsServer({ identity: pki.server() });
  const certificates = [...chain(good), ...many(chain(good)[1], 60)];

  const handshake = await attemptHandshake(server, {
    identity: good,
    certificateMessage: certificates,
    minVersion: version,
    maxVersion: version,
  });

  expect(handshake).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', alert: { name: 'decrypt_error' } }); // the signature is over another transcript
});

test('what cannot be read as a certificate is not an error of the record', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const unreadable = await attemptHandshake(server, { identity: good, certificateMessage: [Buffer.from('nothing')] });
  const halfReadable = await attemptHandshake(server, {
    identity: good,
    certificateMessage: [...chain(good).slice(0, 1), Buffer.from('nothing')],
  });

  expect(unreadable.clientCertificate).toBeUndefined();
  expect(unreadable.explain()).toContain('presented what cannot be read as a certificate');
  expect(halfReadable.clientCertificate).toMatchObject({ commonName: 'good', chain: [] });
});

test('bytes that are not a handshake pass unchanged, whole, whatever their pieces', () => {
  const rewrite = certificateRewriter('client', [], new TrafficSecrets());
  const bytes = Buffer.from('1503030002022a17030300050102030405', 'hex');

  const pieces = [...bytes].map((byte) => rewrite(Uint8Array.of(byte)));

  expect(Buffer.concat(pieces)).toEqual(bytes);
});

test('certificates to present without an identity are refused before anything opens', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  await expect(attemptHandshake(server, { certificateMessage: chain(good) })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    facts: { option: 'certificateMessage' },
  });
});

function chain(identity: Identity): Uint8Array[] {
  return decodePem(identity.chainPem).map(({ der }) => der);
}

function many(certificate: Uint8Array | undefined, count: number): Uint8Array[] {
  return Array.from({ length: count }, () => certificate ?? new Uint8Array(0));
}
