import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateKey } from '../../../../pki/key-algorithm.ts';
import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, onTheWire, root } from '../../changes.ts';
import { ownAnchor } from '../issuers/hierarchy.ts';
import { atSecurityLevel0, rsaIssuer } from './weak-keys.ts';
import { dsaKey, rsaKey, rsaPssKey } from './shared-keys.ts';
import { type CredentialTable, cannotPresent, refused, rejected } from '../../credential-definition.ts';

/** Keys of leaves and authorities. */
export const keysCredentials: CredentialTable = () => [
  {
    id: 'key-mismatch',
    title: 'a certificate of another key',
    group: 'crypto',
    reference: 'RFC 8446 4.4.3 (MUST decrypt_error)',
    differs: 'the certificate is for another key than the one that signs the handshake',
    tier: 'core',
    expected: rejected('PROVIDER_SIGNATURE_FAILURE', 'decrypt_error'),
    fault: all(
      onTheWire,
      leaf((it) => {
        it.spki = encodeSpki(generateKey('ec-p256'));
      }),
    ),
  },
  {
    id: 'key-mismatch-type',
    title: 'a certificate of a key of another kind',
    group: 'crypto',
    reference: 'RFC 8446 4.4.3',
    differs: 'the certificate is for an EC key, and an RSA key signs the handshake',
    tier: 'core',
    // RFC 8446 4.4.3 demands decrypt_error where the signature does not fit; OpenSSL looks at the kind of key first (RFC 8446 4.4.3: illegal_parameter).
    client: { expected: rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter', 'decrypt_error') },
    server: {
      expected: {
        'TLSv1.3': rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter', 'decrypt_error'),
        'TLSv1.2': rejected('WRONG_CERTIFICATE_TYPE', 'illegal_parameter', 'decrypt_error'),
      },
    },
    fault: all(
      onTheWire,
      leaf((it) => {
        it.key = rsaKey(2048);
        it.spki = encodeSpki(generateKey('ec-p256'));
      }),
    ),
  },
  {
    id: 'intermediate-rsa1024',
    title: 'an issuing CA with a short RSA key',
    group: 'crypto',
    reference: 'OpenSSL level 2',
    differs: 'the issuing CA has an RSA key of 1,024 bits',
    tier: 'extended',
    expected: rejected('CA_KEY_TOO_SMALL', 'bad_certificate'),
    divergent: 'node-22 gnutls go java',
    valid: rsaIssuer,
    fault: all(
      atSecurityLevel0,
      intermediate((it) => {
        it.key = rsaKey(1024);
      }),
    ),
  },
  {
    id: 'root-rsa1024',
    title: 'a trust anchor with a short RSA key',
    group: 'crypto',
    reference: 'OpenSSL level 2',
    differs: 'the trust anchor has an RSA key of 1,024 bits',
    tier: 'varies',
    expected: rejected('CA_KEY_TOO_SMALL', 'bad_certificate'),
    divergent: 'node-22 gnutls go java',
    valid: ownAnchor,
    fault: root((it) => {
      it.key = rsaKey(1024);
    }),
  },
  {
    id: 'leaf-rsa1024',
    title: 'a short RSA key',
    group: 'crypto',
    reference: 'CABF 6.1.5; OpenSSL security level 2',
    differs: 'the leaf has an RSA key of 1,024 bits',
    tier: 'extended',
    expected: rejected('EE_KEY_TOO_SMALL', 'bad_certificate'),
    divergent: 'node-22 gnutls go java',
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.key = rsaKey(1024);
      }),
    ),
  },
  {
    id: 'leaf-rsa512',
    title: 'a very short RSA key',
    group: 'crypto',
    reference: 'OpenSSL level 1',
    differs: 'the leaf has an RSA key of 512 bits',
    tier: 'core',
    client: {
      expected: {
        'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
        'TLSv1.2': rejected('EE_KEY_TOO_SMALL'),
      },
    },
    server: { expected: { 'TLSv1.3': cannotPresent('handshake_failure'), 'TLSv1.2': rejected('EE_KEY_TOO_SMALL') } },
    divergent: 'go(1.2)',
    fault: all(
      atSecurityLevel0,
      leaf((it) => {
        it.key = rsaKey(512);
      }),
    ),
  },
  {
    id: 'leaf-rsa-exponent-3',
    title: 'an RSA key with the exponent 3',
    group: 'crypto',
    reference: 'local policy',
    differs: 'the leaf has an RSA key of 2,048 bits with the public exponent 3',
    tier: 'varies',
    fault: leaf((it) => {
      it.key = rsaKey(2048, { publicExponent: 3 });
    }),
  },
  {
    id: 'leaf-ed448',
    title: 'an Ed448 key',
    group: 'crypto',
    reference: 'RFC 8410',
    differs: 'the leaf has an Ed448 key',
    tier: 'varies',
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    fault: leaf((it) => {
      it.key = generateKeyPairSync('ed448').privateKey;
    }),
  },
  {
    id: 'leaf-rsa-pss-key',
    title: 'an RSASSA-PSS key',
    group: 'crypto',
    reference: 'RFC 4055; 8446 rsa_pss_pss_*',
    differs: 'the leaf has a key for RSASSA-PSS alone',
    tier: 'varies',
    client: { divergent: 'go' },
    server: { divergent: 'go deno' },
    fault: leaf((it) => {
      it.key = rsaPssKey();
    }),
  },
  {
    id: 'root-ed25519',
    title: 'a trust anchor with an Ed25519 key',
    group: 'crypto',
    reference: 'RFC 8410',
    differs: 'the trust anchor has an Ed25519 key',
    tier: 'control',
    valid: ownAnchor,
    fault: root((it) => {
      it.key = generateKey('ed25519');
    }),
  },
  {
    id: 'leaf-dsa',
    title: 'a DSA key',
    group: 'crypto',
    reference: 'RFC 8446 (removed)',
    differs: 'the leaf has a DSA key of 2,048 bits',
    tier: 'core',
    client: {
      expected: { 'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'), 'TLSv1.2': refused },
      divergent: 'node(1.2) openssl(1.2) openssl-strict(1.2) java(1.2)',
    },
    server: {
      expected: {
        'TLSv1.3': rejected('WRONG_SIGNATURE_TYPE', 'illegal_parameter'),
        'TLSv1.2': rejected('WRONG_CERTIFICATE_TYPE', 'illegal_parameter'),
      },
      divergent: 'java(1.2)',
    },
    fault: dsaLeaf,
  },
];

/** A client of Node.js presents it in TLS 1.2; a server never does, so that one's goes on the wire. */
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
