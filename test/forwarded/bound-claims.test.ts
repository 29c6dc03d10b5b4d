import { expect, test } from 'vitest';
import { boundClaims } from '../../src/forwarded/bound-claims.ts';
import { attemptHandshake } from '../../src/handshake/attempt/attempt-handshake.ts';
import { startTlsServer } from '../../src/handshake/server/start-server.ts';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { describeWith, outputOf } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';

const pki = createPki();

/** RFC 8705, figure 6 (appendix A). */
const certificateOfTheRfc = `-----BEGIN CERTIFICATE-----
MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
-----END CERTIFICATE-----
`;

test('the certificate of RFC 8705 has the thumbprint that the RFC gives for it', () => {
  expect(boundClaims(inspectCertificate(certificateOfTheRfc))).toEqual({
    cnf: { 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' }, // figure 5
  });
});

test('an identity, its certificate and a handshake with it have the same claims, and those of another client differ', async () => {
  const alice = pki.client('alice');
  await using server = await startTlsServer({ pki });
  const handshake = await attemptHandshake(server, { identity: alice });

  expect(handshake).toMatchObject({ verdict: 'accepted' });
  expect(boundClaims(handshake)).toEqual(boundClaims(alice));
  expect(boundClaims(inspectCertificate(alice.chainPem))).toEqual(boundClaims(alice));
  expect(boundClaims(pki.client('alice'))).not.toEqual(boundClaims(alice));
});

describeWith('openssl')('openssl', () => {
  test.for(['ec-p256', 'rsa-2048', 'ed25519'] as const)('hashes the certificate of an %s client to the same', async (keyAlgorithm) => {
    using folder = temporaryFolder();
    const identity = pki.client('alice', { keyAlgorithm });
    const file = folder.write('client.pem', identity.chainPem);
    const shell = 'openssl x509 -in "$1" -outform DER | openssl dgst -sha256 -binary | openssl base64 -A | tr +/ -_ | tr -d =';

    const theirs = await outputOf('sh', ['-c', shell, 'sh', file]);

    expect(identity.thumbprint).toBe(theirs);
    expect(inspectCertificate(identity.chainPem).thumbprint).toBe(theirs);
  });
});

test('what has no certificate is rejected', async () => {
  await using server = await startTlsServer({ pki });
  const anonymous = await attemptHandshake(server);

  expect(() => boundClaims(anonymous)).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('a Handshake without client certificate'),
    }),
  );
  for (const value of [undefined, null, 'alice', pki, { thumbprint: 1 }])
    expect(() => boundClaims(value as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' })); // as JavaScript may
});
