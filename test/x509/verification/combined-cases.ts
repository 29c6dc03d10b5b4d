import { keyUsage } from '../../../src/x509/extensions.ts';
import { nameConstraints } from '../../../src/x509/names/name-constraints.ts';
import { changes, extended } from './chain-maker.ts';
import { called, constrained, ecdsaSha1, explicitCurve, rsaKey, unknownCritical, withKey } from './chain-changes.ts';
import type { HiddenCase } from './hidden-cases.ts';

/** Several defects: the reason is the last that OpenSSL comes to. */
export const combinedCases: readonly HiddenCase[] = [
  {
    name: 'constraints of the root and of the intermediate: those of the nearest issuer',
    reason: 'EXCLUDED_VIOLATION',
    changes: { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })), ...constrained({ excluded: { dns: 'localhost' } }) },
  },
  {
    name: 'names of the leaf and of the intermediate: those of the leaf',
    reason: 'EXCLUDED_VIOLATION',
    changes: {
      root: extended(nameConstraints({ permitted: { directory: [{ locality: 'Berlin' }] }, excluded: { dns: 'localhost' } })),
      leaf: called({ locality: 'Berlin', commonName: 'alice' }),
    },
  },
  {
    name: 'a critical extension and a name: the name',
    reason: 'PERMITTED_VIOLATION',
    changes: { ...constrained({ permitted: { dns: 'other.test' } }), leaf: extended(unknownCritical) },
  },
  {
    name: 'a critical extension and a small key of the leaf: the extension',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    changes: { root: extended(unknownCritical), leaf: withKey(() => rsaKey(1024)) },
  },
  {
    name: 'a critical extension and a weak digest: the digest',
    reason: 'CA_MD_TOO_WEAK',
    changes: { intermediates: [ecdsaSha1], leaf: extended(unknownCritical) },
  },
  {
    name: 'a critical extension and the curve of one certificate: the curve',
    reason: 'EC_KEY_EXPLICIT_PARAMS',
    changes: { leaf: changes(explicitCurve, extended(unknownCritical)) },
  },
  {
    name: 'a small key of the root and a weak digest below: the key',
    reason: 'CA_KEY_TOO_SMALL',
    onNode22: 'CA_MD_TOO_WEAK',
    changes: { root: withKey(() => rsaKey(1024)), intermediates: [ecdsaSha1] },
  },
  {
    name: 'a weak digest and a CA that may not sign: the CA',
    reason: 'KEYUSAGE_NO_CERTSIGN',
    changes: { intermediates: [changes(ecdsaSha1, extended(keyUsage(['digitalSignature'])))] },
  },
  {
    name: 'a CA that may not sign and a name: the name',
    reason: 'PERMITTED_VIOLATION',
    changes: {
      root: extended(nameConstraints({ permitted: { dns: 'other.test' } })),
      intermediates: [extended(keyUsage(['digitalSignature']))],
    },
  },
  {
    name: 'the curve of the leaf and a critical extension of the root: that of the root',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    changes: { root: extended(unknownCritical), leaf: explicitCurve },
  },
  {
    name: 'a CRL and a weak digest: the CRL',
    reason: 'KEYUSAGE_NO_CRL_SIGN',
    changes: { intermediates: [changes(ecdsaSha1, extended(keyUsage(['keyCertSign'])))], crls: [] },
  },
  {
    name: 'two CRLs: that of the root',
    reason: 'UNHANDLED_CRITICAL_CRL_EXTENSION',
    changes: {
      intermediates: [extended(keyUsage(['keyCertSign']))],
      crls: [(plan) => (plan.extensions = [...plan.extensions, unknownCritical])],
    },
  },
];
