import { expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, inspectCertificate, startTlsServer } from '../../../src/index.ts';
import { maskFor } from '../../../src/handshake/explain/masked.ts';

/** The same test twice: everything is minted anew, on another port. */
async function runs(run: () => Promise<Handshake>): Promise<readonly [Handshake, Handshake]> {
  return [await run(), await run()];
}

async function refusedForRevocation(): Promise<Handshake> {
  const pki = createPki();
  const mallory = pki.client('mallory', { uri: 'spiffe://a.test/mallory' });
  pki.issuer.revoke(mallory);
  await using server = await startTlsServer({ pki, crl: pki.crls() });
  return await attemptHandshake(server, { identity: mallory });
}

async function refusedByApplication(): Promise<Handshake> {
  const pki = createPki({ name: 'shop' });
  await using server = await startTlsServer({
    pki,
    verifyPeer: ({ serialNumber, fingerprint256, thumbprint, spkiSha256, notAfter }) =>
      `${serialNumber.toLowerCase()} ${fingerprint256} ${thumbprint} ${spkiSha256} until ${notAfter.toISOString()} on ${server.url} and 127.0.0.1:${server.port}`,
  });
  return await attemptHandshake(server, { identity: pki.client('alice') });
}

async function accepted(): Promise<Handshake> {
  const pki = createPki();
  await using server = await startTlsServer({ pki });
  return await attemptHandshake(server, { identity: pki.client('alice') });
}

test.for([
  ['accepted', accepted],
  ['rejected for a certificate on a CRL', refusedForRevocation],
  ["rejected by the server's own check", refusedByApplication],
] as const)('two runs of a handshake that is %s have the same masked transcript and the same masked JSON', async ([, run]) => {
  const [first, second] = await runs(run);
  const masked = [first, second].map((handshake) => [
    handshake.explain({ masked: true }),
    JSON.stringify(handshake.toJSON({ masked: true })),
  ]);

  expect(masked[0]).toEqual(masked[1]);
  expect(JSON.stringify(first)).not.toBe(JSON.stringify(second)); // the control: without masks they differ
  expect(first.explain()).not.toBe(second.explain());
});

test('what is masked says what it was, and the rest is left', async () => {
  const handshake = await refusedByApplication();

  expect(handshake.toJSON({ masked: true })).toMatchObject({
    verdict: 'rejected',
    reason: 'APPLICATION_VERIFICATION',
    detail: '<serial number> <fingerprint> <thumbprint> <key id> until <date> on tls://localhost:<port> and 127.0.0.1:<port>',
    durationMs: '<time>',
    clientCertificate: {
      commonName: 'alice',
      serialNumber: '<serial number>',
      notBefore: '<date>',
      notAfter: '<date>',
      fingerprint256: '<fingerprint>',
      thumbprint: '<thumbprint>',
      spkiSha256: '<key id>',
      pem: '<PEM>',
      chain: [{ commonName: 'shop issuing CA', isAuthority: true, serialNumber: '<serial number>' }],
    },
  });
  expect(handshake.explain({ masked: true })).toContain('verifyPeer returned "<serial number> <fingerprint> <thumbprint> <key id>');
});

test('neither JSON nor a transcript holds a key of an end or of the connection', async () => {
  const pki = createPki();
  const alice = pki.client('alice');
  await using server = await startTlsServer({ pki });
  const handshake = await attemptHandshake(server, { identity: alice });
  const texts = [false, true].flatMap((masked) => [JSON.stringify(handshake.toJSON({ masked })), handshake.explain({ masked })]);
  const secrets = handshake
    .keyLog()
    .split('\n')
    .flatMap((line) => line.split(' ').slice(-1))
    .filter((secret) => secret.length > 31);

  expect(secrets.length).toBeGreaterThan(3);
  for (const text of texts) {
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(alice.keyPem.split('\n')[1]);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test('JSON.stringify, which passes a name, masks nothing; another option is refused', async () => {
  const handshake = await accepted();
  const { clientCertificate } = JSON.parse(JSON.stringify({ masked: handshake })).masked as Handshake; // as written above

  expect(clientCertificate?.serialNumber).toBe(handshake.clientCertificate?.serialNumber);
  expect(handshake.toJSON({ masked: false })).toEqual(handshake.toJSON());
  expect(() => handshake.toJSON({ mask: true } as never)).toThrow(/"mask".*did you mean "masked"/u); // as JavaScript users may write it
});

test("attributes of a subject and short serial numbers are the user's own", () => {
  const pki = createPki({ name: 'shop' });
  const clientCertificate = inspectCertificate(pki.client('01', { serialNumber: 1n }).certificate);

  expect(maskFor({ clientCertificate })('01 of CN=01')).toBe('01 of CN=01');
  expect(maskFor({})('ten seconds, 12.5 ms, port 8443, http://localhost:8443/')).toBe(
    'ten seconds, <time>, port 8443, http://localhost:<port>/',
  );
});
