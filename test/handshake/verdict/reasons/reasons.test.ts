import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { isVerifyCode, verifyCodeOf } from '../../../../src/handshake/verdict/reasons/reasons.ts';
import { createPki, type Identity, selfSignedIdentity } from '../../../../src/index.ts';

const pki = createPki();
const revoked = pki.server();
pki.issuer.revoke(revoked);

test.for([
  ['CERT_HAS_EXPIRED', pki.server({ notAfter: new Date(Date.now() - 60_000) })],
  ['CERT_NOT_YET_VALID', pki.server({ notBefore: new Date(Date.now() + 60_000) })],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', createPki().server()],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', createPki({ intermediates: 0 }).server()],
  ['SELF_SIGNED_CERT_IN_CHAIN', withRoot(createPki({ intermediates: 0 }))],
  ['INVALID_PURPOSE', pki.server({ extendedKeyUsage: ['clientAuth'] })],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', await selfSignedIdentity()],
  ['CERT_REVOKED', revoked],
] as const)("%s has the words that Node's error has", async ([code, identity]) => {
  const error = await refuse(identity, code === 'CERT_REVOKED' ? [pki.issuer.crl(), pki.root.crl()] : []);

  expect(error).toMatchObject({ code, message: expect.anything() });
  expect(verifyCodeOf(error.message), error.message).toBe(code);
  expect(isVerifyCode(code)).toBe(true);
});

test.for(['ECONNREFUSED', 'ERR_SSL_WRONG_VERSION_NUMBER', 'certificate has expired'])('%s is no verify code', (code) => {
  expect(isVerifyCode(code)).toBe(false);
});

test.for(['', 'socket hang up', 'certificate has expired.'])('"%s" are no words of a verify code', (words) => {
  expect(verifyCodeOf(words)).toBeUndefined();
});

/** The root is sent along. */
function withRoot(stranger: ReturnType<typeof createPki>): Pick<Identity, 'keyPem' | 'chainPem'> {
  const { keyPem, chainPem } = stranger.server();
  return { keyPem, chainPem: chainPem + stranger.anchors };
}

async function refuse({ keyPem, chainPem }: Pick<Identity, 'keyPem' | 'chainPem'>, crl: readonly string[]): Promise<NodeJS.ErrnoException> {
  const server = tls.createServer({ key: keyPem, cert: chainPem }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on TCP
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: pki.anchors,
    ...(crl.length > 0 && { crl: [...crl] }),
  });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]; // it emits errors
  server.close();
  return error;
}
