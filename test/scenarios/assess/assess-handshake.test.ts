import { expect, test } from 'vitest';
import { isSameReason } from '../../../src/scenarios/assess/assess-handshake.ts';

test.for([
  ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED', true],
  ['CERT_HAS_EXPIRED', 'CERT_REVOKED', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
  ['BAD_SIGNATURE', 'PROVIDER_SIGNATURE_FAILURE', true], // OpenSSL 3.0 of Node 22.12, and OpenSSL 3.5
  ['BAD_SIGNATURE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', false],
] as const)('whether %s and %s are one reason: %s', ([reason, expected, isSame]) => {
  expect(isSameReason(reason, expected)).toBe(isSame);
});
