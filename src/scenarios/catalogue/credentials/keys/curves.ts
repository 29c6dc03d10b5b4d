import { encodeSpki } from '../../../../pki/formats/key-encoding.ts';
import { all, leaf } from '../../changes.ts';
import { type CredentialTable, type Change, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { atSecurityLevel0, ecKey, explicitSpki } from './weak-keys.ts';

/** Keys on elliptic curves. */
export const curvesCredentials: CredentialTable = () => [
  {
    id: 'leaf-ec-p224',
    title: 'a key on the curve P-224',
    group: 'crypto',
    differs: 'the leaf has a key on the curve P-224',
    references: [{ rfc: 8446, section: '4.2.3', note: 'no scheme in TLS 1.3' }],
    severity: 'low',
    tier: 'core',
    client: { expected: noSchemeOfClient },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    divergences: { gnutls: { 'TLSv1.2': 'accepted' }, go: { 'TLSv1.2': 'accepted' } },
    fault: keyOnCurve('secp224r1'),
  },
  {
    id: 'leaf-ec-p192',
    title: 'a key on the curve P-192',
    group: 'crypto',
    differs: 'the leaf has a key on the curve P-192',
    references: [{ rfc: 8422, section: '5.1.1', note: 'deprecated' }],
    cwes: ['CWE-326'],
    severity: 'medium',
    tier: 'core',
    client: { expected: noSchemeOfClient, divergences: { gnutls: { 'TLSv1.2': 'accepted' } } },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    fault: all(atSecurityLevel0, keyOnCurve('prime192v1')),
  },
  {
    id: 'leaf-ec-secp256k1',
    title: 'a key on the curve secp256k1',
    group: 'crypto',
    differs: 'the leaf has a key on the curve secp256k1',
    references: [{ rfc: 8422, section: '5.1.1', note: 'deprecated' }],
    severity: 'low',
    tier: 'core',
    client: { expected: noSchemeOfClient },
    server: { expected: rejected('WRONG_CURVE', 'illegal_parameter') },
    fault: keyOnCurve('secp256k1'),
  },
  {
    id: 'leaf-ec-p384',
    title: 'a key on the curve P-384',
    group: 'crypto',
    differs: 'the leaf has a key on the curve P-384',
    references: [{ rfc: 8446 }],
    tier: 'control',
    fault: leaf({ key: () => ecKey('secp384r1') }),
  },
  {
    id: 'leaf-ec-p521',
    title: 'a key on the curve P-521',
    group: 'crypto',
    differs: 'the leaf has a key on the curve P-521',
    references: [{ rfc: 8446 }],
    tier: 'control',
    fault: leaf({ key: () => ecKey('secp521r1') }),
  },
  {
    id: 'leaf-ec-brainpoolp256r1',
    title: 'a key on the curve brainpoolP256r1',
    group: 'crypto',
    differs: 'the leaf has a key on the curve brainpoolP256r1',
    references: [{ rfc: 8734 }],
    tier: 'varies',
    role: 'client',
    expected: { 'TLSv1.3': 'accepted', 'TLSv1.2': rejected('WRONG_CURVE', 'illegal_parameter') },
    divergences: forStacks(['openssl-3.0', 'openssl-strict', 'gnutls', 'go', 'java'], { 'TLSv1.3': 'rejected' }), // OpenSSL has ecdsa_brainpoolP256r1tls13_sha256 from 3.2
    fault: leaf({ key: () => ecKey('brainpoolP256r1') }),
  },
  {
    id: 'leaf-ec-explicit-params',
    title: 'an EC key with explicit parameters',
    group: 'crypto',
    differs: 'the key of the leaf is on P-256, which is given by its parameters in place of its name',
    references: [{ rfc: 5480, section: '2.1.1', note: 'must not' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('EC_KEY_EXPLICIT_PARAMS', 'bad_certificate'),
    fault: leaf((it) => {
      it.spki = explicitSpki(it.key);
    }),
  },
];

/** A key on a curve that TLS 1.3 has no scheme for: a client of Node.js presents it in TLS 1.2; a server never does, so a server's goes on the wire. */
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
