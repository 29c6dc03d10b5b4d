import { expect, test } from 'vitest';
import { verifyCode } from '../../../src/forwarded/encodings/verify-codes.ts';
import { createPki, selfSignedIdentity } from '../../../src/index.ts';

const viaIntermediate = createPki().client();
const alone = createPki({ intermediates: 0 }).client();
const selfSigned = await selfSignedIdentity();
const chainOf = ({ certificate, authority }: typeof alone): readonly Uint8Array[] =>
  authority?.parent ? [certificate.raw, authority.certificate.raw] : [certificate.raw];

test('a verified certificate has no code', () => {
  expect(verifyCode({ verified: true, certificates: chainOf(alone) })).toBeUndefined();
});

/** Numbers of x509_vfy.h, and texts of `openssl verify`. */
test.for([
  ['CERT_HAS_EXPIRED', 10, 'certificate has expired'],
  ['CERT_REVOKED', 23, 'certificate revoked'],
  ['INVALID_PURPOSE', 26, 'unsuitable certificate purpose'],
  ['PERMITTED_VIOLATION', 47, 'permitted subtree violation'],
  ['INVALID_CA', 79, 'invalid CA certificate'],
  ['UNSPECIFIED', 1, 'unspecified certificate verification error'],
] as const)('%s is %i, "%s"', ([verified, number, text]) => {
  expect(verifyCode({ verified, certificates: chainOf(alone) })).toEqual({ number, text });
});

/** As nginx and HAProxy found them, with a CA that is not these ones'. */
test.for([
  ['with its issuer', viaIntermediate, 20, 'unable to get local issuer certificate'],
  ['alone', alone, 21, 'unable to verify the first certificate'],
  ['that signs itself', selfSigned, 18, 'self-signed certificate'],
] as const)('a certificate %s, which was not verified, is of an unknown CA', ([, identity, number, text]) => {
  expect(verifyCode({ verified: false, certificates: chainOf(identity) })).toEqual({ number, text });
});

test.for(['PEER_DID_NOT_RETURN_A_CERTIFICATE', 'toString', '', 10, null])('%o is not a reason of the verification', (verified) => {
  expect(() => verifyCode({ verified: verified as string, certificates: chainOf(alone) })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'verified' }) }),
  ); // from JavaScript it may be anything
});
