import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import type { ServerConfiguration, StartedServer, StartServer } from '../../../src/scenarios/run/target.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

const serverKeys = ['ec-p384', 'rsa-2048', 'ed25519'] as const;

describeServerUnderTest('correct', { start: startWith(() => true) }, { serverKeys });
describeServerUnderTest(
  'verifies unless its key is P-384',
  { start: startWith((curve) => curve !== 'secp384r1') },
  { serverKeys, only: ['unknown-ca'] },
);

/** Whether it verifies its clients depends on the curve of its key (as CVE-2026-5246). */
function startWith(verifies: (curve: string | undefined) => boolean): StartServer {
  return ({ identity, trust, crl }: ServerConfiguration): StartedServer =>
    https.createServer(
      {
        key: identity.keyPem,
        cert: identity.chainPem,
        ca: trust,
        requestCert: true,
        rejectUnauthorized: verifies(new X509Certificate(identity.chainPem).publicKey.asymmetricKeyDetails?.namedCurve),
        ...(crl && { crl }),
      },
      (_request, response) => response.end(),
    );
}
