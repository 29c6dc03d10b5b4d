import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateKey } from '../../../../pki/key-algorithm.ts';
import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, onTheWire, root } from '../../changes.ts';
import { ownAnchor } from '../issuers/hierarchy.ts';
import { atSecurityLevel0, rsaIssuer } from './weak-keys.ts';
import { dsaKey, rsaKey, rsaPssKey } from './shared-keys.ts';
import { type CredentialTable, cannotPresent, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';

/** Keys of leaves and authorities. */
export const keysCredentials: CredentialTable = () => [
  {
    id: 'key-mismatch',
    title: 'a certificate of another key',
    group: 'crypto',
    differs: 'the certificate is for another key than the one that signs the handshake',
    references: [{ rfc: 8446, section: '4.4.3', note: 'must send decrypt_error' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    expected: rejected('PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'),
    fault: all(onTheWire, leaf({ spki: () => encodeSpki(generateKey('ec-p256')) })),
  },
  {
    id: 'key-mismatch-type',
    title: 'a certificate of a key of another kind',
    group: 'crypto',
    differs: 'the certificate is for an EC key, and an RSA key signs the handshake',
    references: [{ rfc: 8446, section: '4.4.3' }],
    cwes: ['CWE-347'],
    severity: 'critical',
    tier: 'core',
    // RFC 8446 4.4.3 demands decrypt_error where the signature does not fit; OpenSSL looks at the kind of key first (RFC 8446 4.4.3: illegal_parameter).
    client: { expected: rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter', 'decrypt_error') },
    server: {
      expected: {
        'TLSv1.3': rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter', 'decrypt_error'),
        'TLSv1.2': rejected('WRONG_CERTIFICATE_TYPE', 'illegal_parameter', 'decrypt_error'),
      },
    },
    fault: all(onTheWire, leaf({ key: () => rsaKey(2048), spki: () => encodeSpki(generateKey('ec-p256')) })),
  },
  {
    id: 'intermediate-rsa1024',
    title: 'an issuing CA with a short RSA key',
    group: 'crypto',
    differs: 'the issuing CA has an RSA key of 1,024 bits',
    references: [{ document: 'OpenSSL security level', section: '2' }],
    cwes: ['CWE-326'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('CA_KEY_TOO_SMALL', 'bad_certificate'),
    divergences: forStacks(['node-22', 'gnutls', 'go', 'java'], 'accepted'),
    valid: rsaIssuer,
    fault: all(atSecurityLevel0, intermediate({ key: () => rsaKey(1024) })),
  },
  {
    id: 'root-rsa1024',
    title: 'a trust anchor with a short RSA key',
    group: 'crypto',
    differs: 'the trust anchor has an RSA key of 1,024 bits',
    references: [{ document: 'OpenSSL security level', section: '2' }],
    cwes: ['CWE-326'],
    severity: 'medium',
    tier: 'varies',
    expected: rejected('CA_KEY_TOO_SMALL', 'bad_certificate'),
    divergences: forStacks(['node-22', 'gnutls', 'go', 'java'], 'accepted'),
    valid: ownAnchor,
    fault: root({ key: () => rsaKey(1024) }),
  },
  {
    id: 'leaf-rsa1024',
    title: 'a short RSA key',
    group: 'crypto',
    differs: 'the leaf has an RSA key of 1,024 bits',
    references: [
      { document: 'CA/Browser Forum Baseline Requirements', section: '6.1.5' },
      { document: 'OpenSSL security level', section: '2' },
    ],
    cwes: ['CWE-326'],
    severity: 'medium',
    tier: 'extended',
    expected: rejected('EE_KEY_TOO_SMALL', 'bad_certificate'),
    divergences: forStacks(['node-22', 'gnutls', 'go', 'java'], 'accepted'),
    fault: all(atSecurityLevel0, leaf({ key: () => rsaKey(1024) })),
  },
  {
    id: 'leaf-rsa512',
    title: 'a very short RSA key',
    group: 'crypto',
    differs: 'the leaf has an RSA key of 512 bits',
    references: [{ document: 'OpenSSL security level', section: '1' }],
    cwes: ['CWE-326'],
    severity: 'high',
    tier: 'core',
    client: {
      expected: {
        'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
        'TLSv1.2': rejected('EE_KEY_TOO_SMALL'),
      },
    },
    server: { expected: { 'TLSv1.3': cannotPresent('handshake_failure'), 'TLSv1.2': rejected('EE_KEY_TOO_SMALL') } },
    divergences: { go: { 'TLSv1.2': 'accepted' } },
    fault: all(atSecurityLevel0, leaf({ key: () => rsaKey(512) })),
  },
  {
    id: 'leaf-rsa-exponent-3',
    title: 'an RSA key with the exponent 3',
    group: 'crypto',
    differs: 'the leaf has an RSA key of 2,048 bits with the public exponent 3',
    references: [],
    tier: 'varies',
    fault: leaf({ key: () => rsaKey(2048, { publicExponent: 3 }) }),
  },
  {
    id: 'leaf-ed448',
    title: 'an Ed448 key',
    group: 'crypto',
    differs: 'the leaf has an Ed448 key',
    references: [{ rfc: 8410 }],
    tier: 'varies',
    client: { divergences: { go: 'rejected' } },
    server: { divergences: { go: 'rejected', deno: 'rejected' } },
    fault: leaf({ key: () => generateKeyPairSync('ed448').privateKey }),
  },
  {
    id: 'leaf-rsa-pss-key',
    title: 'an RSASSA-PSS key',
    group: 'crypto',
    differs: 'the leaf has a key for RSASSA-PSS alone',
    references: [{ rfc: 4055 }, { rfc: 8446, section: '4.2.3', note: 'rsa_pss_pss_*' }],
    tier: 'varies',
    client: { divergences: { go: 'rejected' } },
    server: { divergences: { go: 'rejected', deno: 'rejected' } },
    fault: leaf({ key: () => rsaPssKey() }),
  },
  {
    id: 'root-ed25519',
    title: 'a trust anchor with an Ed25519 key',
    group: 'crypto',
    differs: 'the trust anchor has an Ed25519 key',
    references: [{ rfc: 8410 }],
    tier: 'control',
    valid: ownAnchor,
    fault: root({ key: () => generateKey('ed25519') }),
  },
  {
    id: 'leaf-dsa',
    title: 'a DSA key',
    group: 'crypto',
    differs: 'the leaf has a DSA key of 2,048 bits',
    references: [{ rfc: 8446, section: '1.2', note: 'DSA is removed' }],
    cwes: ['CWE-327'],
    severity: 'low',
    tier: 'core',
    client: {
      expected: { 'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'), 'TLSv1.2': refused },
      divergences: forStacks(['node', 'openssl', 'openssl-strict', 'java'], { 'TLSv1.2': 'accepted' }),
    },
    server: {
      expected: {
        'TLSv1.3': rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter'),
        'TLSv1.2': rejected('WRONG_CERTIFICATE_TYPE', 'illegal_parameter'),
      },
      divergences: { java: { 'TLSv1.2': 'accepted' } },
    },
    fault: dsaLeaf,
  },
];

/** A client of Node.js presents it in TLS 1.2; a server never does, so a server's goes on the wire. */
function dsaLeaf(draft: CredentialDraft): void {
  if (draft.role === 'client') {
    draft.leaf.key = dsaKey();
    return;
  }
  draft.onTheWire = true;
  draft.leaf.spki = spkiOf(dsaKey());
}

function spkiOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}
