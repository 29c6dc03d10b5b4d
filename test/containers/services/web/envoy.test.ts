import fs from 'node:fs';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientCredential } from '../../../../src/containers/mtls-container.ts';
import { MtlsEnvoy, type StartedMtlsEnvoy } from '../../../../src/containers/services/web/envoy.ts';
import { attemptHandshake, createPki } from '../../../../src/index.ts';
import type { TlsVersion } from '../../../../src/scenarios/index.ts';
import { describeServerUnderTest } from '../../../../src/vitest/index.ts';
import { divergencesOf } from '../../divergences.ts';
import { imageOf, lacksImages } from '../../images.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { refusalTold } from '../../refusal-told.ts';
import { type Attempt, testRefusedClients, testUntrustedService } from '../refusals.ts';

const pki = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

describe.skipIf(await lacksImages(['envoy']))('Envoy', () => {
  let envoy: StartedMtlsEnvoy;
  beforeAll(async () => {
    envoy = await new MtlsEnvoy(imageOf('envoy')).withPki(pki).start();
  }, 60_000);
  afterAll(() => envoy?.stop());

  test('answers a client of its PKI with the subject of its certificate, whichever library it uses', async () => {
    expect(await subjectSeen(envoy, pki.client('alice'))).toBe('CN=alice');
    expect(await subjectSeenOfNode(envoy, pki.client('bob'))).toBe('CN=bob');
  });

  test('opens no port without TLS', async () => {
    expect(await listeningPorts(envoy)).toEqual([8443]);
  });

  test('runs as a user other than root, the only one that can read the key', async () => {
    const { output: owner } = await envoy.exec(['stat', '-c', '%u:%g %a', '/mtls/tls.key']);
    const { output: user } = await envoy.exec(['stat', '-c', '%u:%g', '/proc/1']);

    expect([owner.trim(), user.trim()]).toEqual(['101:101 600', '101:101']);
  });

  test('negotiates HTTP/2 with a client that offers it', async () => {
    const handshake = await attemptHandshake(
      { host: envoy.getHost(), port: envoy.getPort() },
      { identity: pki.client(), ALPNProtocols: ['h2'] },
    );

    expect(handshake).toMatchObject({ verdict: 'accepted', alpn: 'h2' });
  });

  const attempts: readonly Attempt[] = [(tls) => subjectSeen(envoy, tls), (tls) => subjectSeenOfNode(envoy, tls)];
  testRefusedClients(pki, attempts);
  testUntrustedService(pki, attempts);

  // Not by undici 8: on Node 22.23 it neither answers nor fails within 3 s where Envoy closes while a certificate of 120 kB is written (23 of 25; 0 of 25 on 26.10).
  for (const version of versions)
    describeServerUnderTest(
      'Envoy',
      { attempt: (tls) => subjectSeenOfNode(envoy, tls) },
      { pki, versions: [version], expected: divergencesOf('envoy', version) },
    );
});

describe.skipIf(await lacksImages(['envoy']))('Envoy with CRLs', () => {
  const revoked = pki.client('revoked');
  pki.issuer.revoke(revoked);
  let envoy: StartedMtlsEnvoy;
  beforeAll(async () => {
    envoy = await new MtlsEnvoy(imageOf('envoy')).withPki(pki).withCredential({ crl: true }).start();
  }, 60_000);
  afterAll(() => envoy?.stop());

  test.for(versions)('rejects a certificate that was revoked, in %s', async (version) => {
    expect(await subjectSeen(envoy, pki.client('alice'), version)).toBe('CN=alice');

    const attempt = refusalTold(() => subjectSeen(envoy, revoked, version));
    await expect(attempt).toFailHandshake({ by: 'server', alert: 'certificate_revoked' });
  });
});

test('Envoy’s two configurations differ by the CRLs alone', () => {
  const [plain, withCrls] = ['envoy.yaml', 'envoy-crl.yaml'].map((name) => contentOf(name).split('\n'));

  const added = withCrls?.filter((line) => !plain?.includes(line)).map((line) => line.trim());

  expect(added).toEqual(['# Envoy wants a CRL of every authority in the chain.', 'crl: { filename: /mtls/ca.crl }']);
  expect(withCrls?.filter((line) => plain?.includes(line))).toEqual(plain);
});

function contentOf(name: string): string {
  return fs.readFileSync(new URL(`../../../../fixtures/containers/envoy/${name}`, import.meta.url), 'utf8');
}

/** Over HTTP/2: over HTTP/1.1 undici 8 hides the alert of TLS 1.3 behind "other side closed" (measured). */
async function subjectSeen(envoy: StartedMtlsEnvoy, credential: ClientCredential, maxVersion?: TlsVersion): Promise<unknown> {
  const { connect } = envoy.clientOptions(credential);
  const dispatcher = new Agent({ connect: { ...connect, ...(maxVersion && { maxVersion }) } });
  try {
    const { statusCode, headers, body } = await request(envoy.getUrl(), { dispatcher });
    await body.dump();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    return headers['x-client-subject'];
  } finally {
    await dispatcher.destroy();
  }
}

function subjectSeenOfNode(envoy: StartedMtlsEnvoy, credential: ClientCredential, maxVersion?: TlsVersion): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { ...envoy.clientOptions(credential).connect, ...(maxVersion && { maxVersion }), agent: false };
    const sent = https.get(envoy.getUrl(), options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      text(response).then(() => resolve(response.headers['x-client-subject']), reject);
    });
    sent.on('error', reject);
  });
}
