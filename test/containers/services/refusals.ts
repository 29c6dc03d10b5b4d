import { expect, test } from 'vitest';
import type { ClientTls } from '../../../src/containers/mtls-wait.ts';
import { createPki, type Pki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/index.ts';
import { refusalTold } from '../refusal-told.ts';

/** What `tls.connect` takes, for one version of TLS. */
interface VersionTls extends ClientTls {
  readonly maxVersion: TlsVersion;
}

/** Uses a service with a credential. */
export type Attempt = (tls: VersionTls) => Promise<unknown>;

/** The alerts with which a service refuses; by default those that RFC 8446 6.2 and RFC 5246 7.2.2 name, which OpenSSL and Go send. */
export interface CredentialAlerts {
  readonly expired: string;
  readonly untrusted: string;
}

/** Each of the attempts is refused in the handshake with a certificate that is missing, has expired or is of another CA, in both versions of TLS. */
export function testRefusedClients(
  pki: Pki,
  attempts: readonly Attempt[],
  { expired, untrusted }: CredentialAlerts = { expired: 'certificate_expired', untrusted: 'unknown_ca' },
): void {
  const clients = [
    ['that is missing', { ca: pki.anchors }, noCertificate],
    ['that has expired', pki.client('client', { notAfter: new Date(0) }).tls, always(expired)],
    ['of another CA', others.client('client').trusting(pki).tls, always(untrusted)],
  ] as const;

  test.for(
    versions.flatMap((version) =>
      clients.map(([what, tls, alerts]) => ({ what, alert: alerts[version], version, tls: { ...tls, maxVersion: version } })),
    ),
  )('rejects a certificate $what with $alert in $version', async ({ tls, alert }) => {
    for (const attempt of attempts) await expect(refusalTold(() => attempt(tls))).toFailHandshake({ by: 'server', alert });
  });
}

/** Each of the attempts is ended by the client where it trusts another CA than the service's. */
export function testUntrustedService(pki: Pki, attempts: readonly Attempt[]): void {
  test('the client rejects it where it trusts another CA', async () => {
    const tls: VersionTls = { ...pki.client('client').trusting(others).tls, maxVersion: 'TLSv1.3' };

    for (const attempt of attempts)
      await expect(attempt(tls)).toFailHandshake({ by: 'client', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });
}

/** A service that checks no CRLs says so. */
export function testWithoutCrls(words: string, start: (pki: Pki) => Promise<unknown>): void {
  test('CRLs, which it does not check, are rejected before anything starts', async () => {
    await expect(start(createPki())).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(words),
      facts: { option: 'crl' },
    });
  });
}

function always(alert: string): Readonly<Record<TlsVersion, string>> {
  return { 'TLSv1.3': alert, 'TLSv1.2': alert };
}

const others = createPki();
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const noCertificate = { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' } as const;
