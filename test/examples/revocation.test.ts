import { once } from 'node:events';
import tls from 'node:tls';
import { attemptHandshake, createPki, startTlsServer } from 'mtls-fixtures';
import { startRevocationServer } from 'mtls-fixtures/scenarios';
import { expect, test } from 'mtls-fixtures/vitest';

test('a server with CRLs', async () => {
  // #region crl
  const pki = createPki();
  const mallory = pki.client('mallory');
  await using server = await startTlsServer({ pki, crl: pki.crls() }); // one CRL of every authority
  await expect(server).toAccept(mallory);

  pki.issuer.revoke(mallory, 'keyCompromise');
  server.rotate({ crl: pki.crls() }); // the running server takes the new lists; sessions from before end with it

  await expect(server).toReject(mallory, { reason: 'CERT_REVOKED', alert: 'certificate_revoked' });
  // #endregion
});

test('a staple', async () => {
  // #region staple
  const pki = createPki();
  const identity = pki.server({ mustStaple: true });
  await using server = await startTlsServer({ identity, staple: pki.issuer.ocspResponse(identity) }); // DER, "good"

  server.rotate({ staple: pki.issuer.ocspResponse(identity, { status: 'revoked' }) }); // a client that checks it rejects the server

  const socket = tls.connect({ ...server.clientOptions(pki.client()), requestOCSP: true });
  const [[staple]] = await Promise.all([once(socket, 'OCSPResponse'), once(socket, 'secureConnect')]); // Node reports it and continues

  expect(staple).toBeInstanceOf(Buffer);
  expect(socket.authorized).toBe(true);
  // #endregion
  socket.destroy();
});

test('a revocation server', async () => {
  // #region endpoint
  const pki = createPki();
  await using revocation = await startRevocationServer(pki);
  const urls = { crlDistributionPoints: revocation.crlUrl(pki.issuer), ocsp: revocation.ocspUrl };
  const identity = pki.server({ ...urls, caIssuers: revocation.caIssuersUrl(pki.issuer) });
  await using server = await startTlsServer({ identity });

  pki.issuer.revoke(identity, 'keyCompromise'); // both CRL and OCSP say so from now on

  // Node reads none of these URLs. A client that wants the CRLs fetches them, and turns them into PEM.
  const fetchCrl = async (url: string): Promise<string> => {
    const base64 = Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64');
    return `-----BEGIN X509 CRL-----\n${base64.replaceAll(/.{64}/gu, '$&\n')}\n-----END X509 CRL-----\n`;
  };
  const crl = await Promise.all([revocation.crlUrl(pki.issuer), revocation.crlUrl(pki.root)].map(fetchCrl));

  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: pki.client(), crl })).toBeRejected({ by: 'client', reason: 'CERT_REVOKED' });
  expect(revocation.requests.map(({ kind, answer }) => [kind, answer])).toContainEqual(['crl', 'served']); // the client asked
  // #endregion
});

test('wrong answers', async () => {
  const pki = createPki();
  // #region wrong-answers
  const past = new Date(Date.now() - 86_400_000);
  await using stale = await startRevocationServer(pki, { ocsp: { nextUpdate: past }, crl: { nextUpdate: past } });
  await using down = await startRevocationServer(pki, { ocsp: 'unavailable', crl: 'unavailable' }); // HTTP 503
  // #endregion

  expect((await fetch(stale.crlUrl(pki.issuer))).status).toBe(200);
  expect((await fetch(down.crlUrl(pki.issuer))).status).toBe(503);
  expect([stale, down].map(({ requests }) => requests.map(({ answer }) => answer))).toEqual([['served'], ['unavailable']]);
});
