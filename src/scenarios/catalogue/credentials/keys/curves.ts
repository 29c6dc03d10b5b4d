import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import { all, leaf } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { atSecurityLevel0, ecKey, explicitSpki } from './weak-keys.ts';

/** Keys on elliptic curves. */
export const curvesCredentials: CredentialTable = () => [
  {
    id: 'leaf-ec-p224',
    title: 'a key on the curve P-224',
    group: 'crypto',
    reference: 'RFC 8446 4.2.3 (no scheme in 1.3)',
    differs: 'the leaf has a key on the curve P-224',
    tier: 'core',
    client: { expected: noSchemeOfClient },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    divergent: 'gnutls(1.2) go(1.2)',
    fault: keyOnCurve('secp224r1'),
  },
  {
    id: 'leaf-ec-p192',
    title: 'a key on the curve P-192',
    group: 'crypto',
    reference: 'RFC 8422 (deprecated)',
    differs: 'the leaf has a key on the curve P-192',
    tier: 'core',
    client: { expected: noSchemeOfClient, divergent: 'gnutls(1.2)' },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    fault: all(atSecurityLevel0, keyOnCurve('prime192v1')),
  },
  {
    id: 'leaf-ec-secp256k1',
    title: 'a key on the curve secp256k1',
    group: 'crypto',
    reference: 'RFC 8422 (deprecated)',
    differs: 'the leaf has a key on the curve secp256k1',
    tier: 'core',
    client: { expected: noSchemeOfClient },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    fault: keyOnCurve('secp256k1'),
  },
  {
    id: 'leaf-ec-p384',
    title: 'a key on the curve P-384',
    group: 'crypto',
    reference: 'RFC 8446',
    differs: 'the leaf has a key on the curve P-384',
    tier: 'control',
    fault: leaf((it) => {
      it.key = ecKey('secp384r1');
    }),
  },
  {
    id: 'leaf-ec-p521',
    title: 'a key on the curve P-521',
    group: 'crypto',
    reference: 'RFC 8446',
    differs: 'the leaf has a key on the curve P-521',
    tier: 'control',
    fault: leaf((it) => {
      it.key = ecKey('secp521r1');
    }),
  },
  {
    id: 'leaf-ec-brainpoolp256r1',
    title: 'a key on the curve brainpoolP256r1',
    group: 'crypto',
    reference: 'RFC 8734',
    differs: 'the leaf has a key on the curve brainpoolP256r1',
    tier: 'varies',
    role: 'client',
    expected: { 'TLSv1.3': 'accepted', 'TLSv1.2': rejected('WRONG_CURVE', 'illegal_parameter') },
    divergent: 'openssl(1.3) openssl-strict(1.3) gnutls(1.3) go(1.3) java(1.3)',
    fault: leaf((it) => {
      it.key = ecKey('brainpoolP256r1');
    }),
  },
  {
    id: 'leaf-ec-explicit-params',
    title: 'an EC key with explicit parameters',
    group: 'crypto',
    reference: 'RFC 5480 2.1.1 (MUST NOT)',
    differs: 'the key of the leaf is on P-256, whose parameters are written out in place of its name',
    tier: 'core',
    expected: rejected('EC_KEY_EXPLICIT_PARAMS', 'bad_certificate'),
    fault: leaf((it) => {
      it.spki = explicitSpki(it.key);
    }),
  },
];

/** A key on a curve that TLS 1.3 has no scheme for: a client of Node.js presents it in TLS 1.2; a server never does, so that one's goes on the wire. */
function keyOnCurve(namedCurve: string): Change {
  return (draft) => {
    const key = ecKey(namedCurve);
    if (draft.role === 'client') {
      draft.leaf.key = key;
      return;
    }
    draft.onTheWire = true;
    draft.leaf.spki = encodeSpki(key);
  };
}

/** In TLS 1.3 a client without a scheme for its key presents no certificate (RFC 8446 4.4.2.3). */
const noSchemeOfClient = {
  'TLSv1.3': rejected('PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
  'TLSv1.2': rejected('WRONG_CURVE', 'illegal_parameter'),
};
