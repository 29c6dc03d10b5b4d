import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { isVerifyCode, type VerifyReason, verifyCodeOf } from '../../../../src/handshake/verdict/reasons/reasons.ts';
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

test('the codes that Node names are verify codes, and those that it hides as UNSPECIFIED are not', () => {
  expect(namedByNode.filter((code) => !isVerifyCode(code))).toEqual([]);
  expect(Object.keys(hiddenByNode).filter((code) => isVerifyCode(code))).toEqual([]);
});

/** src/crypto/crypto_common.cc of Node 22, 24 and 26. */
const namedByNode = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'UNSPECIFIED',
] as const satisfies readonly VerifyReason[];

/** The rest, all of them: one that is missing here does not compile. */
const hiddenByNode: Readonly<Record<Exclude<VerifyReason, (typeof namedByNode)[number]>, true>> = {
  PERMITTED_VIOLATION: true,
  EXCLUDED_VIOLATION: true,
  SUBTREE_MINMAX: true,
  UNSUPPORTED_CONSTRAINT_TYPE: true,
  UNSUPPORTED_NAME_SYNTAX: true,
  UNHANDLED_CRITICAL_EXTENSION: true,
  KEYUSAGE_NO_CERTSIGN: true,
  EE_KEY_TOO_SMALL: true,
  CA_KEY_TOO_SMALL: true,
  CA_MD_TOO_WEAK: true,
  EC_KEY_EXPLICIT_PARAMS: true,
  UNHANDLED_CRITICAL_CRL_EXTENSION: true,
  KEYUSAGE_NO_CRL_SIGN: true,
  KEYUSAGE_NO_DIGITAL_SIGNATURE: true,
  PROXY_CERTIFICATES_NOT_ALLOWED: true,
  PROXY_SUBJECT_NAME_VIOLATION: true,
  UNNESTED_RESOURCE: true,
  INVALID_NON_CA: true,
  PROXY_PATH_LENGTH_EXCEEDED: true,
  INVALID_EXTENSION: true,
  UNSUPPORTED_CONSTRAINT_SYNTAX: true,
  UNABLE_TO_GET_CRL_ISSUER: true,
  DIFFERENT_CRL_SCOPE: true,
  CRL_PATH_VALIDATION_ERROR: true,
  SIGNATURE_ALGORITHM_MISMATCH: true,
};

test.for(['ECONNREFUSED', 'ERR_SSL_WRONG_VERSION_NUMBER', 'certificate has expired'])('%s is not a verify code', (code) => {
  expect(isVerifyCode(code)).toBe(false);
});

test.for(['', 'socket hang up', 'certificate has expired.'])('"%s" are not the words of a verify code', (words) => {
  expect(verifyCodeOf(words)).toBeUndefined();
});

/** The root is sent along. */
function withRoot(otherPki: ReturnType<typeof createPki>): Pick<Identity, 'keyPem' | 'chainPem'> {
  const { keyPem, chainPem } = otherPki.server();
  return { keyPem, chainPem: chainPem + otherPki.anchors };
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
