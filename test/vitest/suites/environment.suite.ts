import https from 'node:https';
import { Agent, fetch as fetchOfNode } from 'undici';
import { expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  observe,
  restorePki,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../../src/index.ts';
import '../../../src/vitest/setup.ts';

const pki = createPki();
const expired = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

test('the environment is a document', () => {
  expect(Reflect.get(globalThis, 'document')).toBeTypeOf('object');
});

test('a PKI is minted, serialized and restored', () => {
  expect(restorePki(JSON.parse(JSON.stringify(pki.serialize()))).anchors).toBe(pki.anchors);
});

test.for(['PEM', 'DER', 'X509Certificate'] as const)('a certificate is read from %s', (form) => {
  const { certificate, certificatePem } = pki.client('alice');
  const given = { PEM: certificatePem, DER: certificate.raw, X509Certificate: certificate }[form];

  expect(inspectCertificate(given).commonName).toBe('alice');
});

test('an identity is read from PEM', () => {
  const { certificatePem, keyPem } = pki.client('alice');

  expect(identityFromPem({ cert: certificatePem, key: keyPem }).certificatePem).toBe(certificatePem);
});

test.for([
  ['tls', async () => startTlsServer({ identity: pki.server() })],
  ['https', async () => startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() })],
  ['http2', async () => startHttp2Server((_request, response) => response.end('hello'), { identity: pki.server() })],
] as const)('a server of %s accepts and rejects, with the reason', async ([, start]) => {
  await using server = await start();

  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: expired })).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
});

test("a server of the user's own is observed", async () => {
  const own = https.createServer({ ...pki.server().serverTls }, (_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => {
    own.listen(0, '127.0.0.1', resolve);
  });
  await using server = observe(own);

  await expect(server).toAccept(pki.client());
  await expect(server).toReject(expired, { reason: 'CERT_HAS_EXPIRED', control: pki.client() });
});

// happy-dom has a fetch of its own, whose errors have no cause; undici's, which is Node's, is asked by its name.
test('fetch fails its handshake without a certificate, and gets its answer with one', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('hello'), { identity: pki.server() });
  const { key, cert, ca } = pki.client().tls;
  const ask = (connect: object): ReturnType<typeof fetchOfNode> => fetchOfNode(server.url, { dispatcher: new Agent({ connect }) });

  expect(await (await ask({ key, cert, ca })).text()).toBe('hello');
  await expect(ask({ ca })).toFailHandshake({ reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
});
