import { encodePem } from '../../asn1/pem.ts';
import { invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import { bytesOf } from '../../options/bytes.ts';
import { certificatesIn } from '../../x509/pem-input.ts';
import type { Identity } from '../identity.ts';
import { privateKeyFrom } from '../key-algorithm.ts';
import { assembleIdentity } from './assemble-identity.ts';
import { type Pkcs12Entry, readPkcs12 } from './pkcs12/read-pkcs12.ts';

/**
 * An identity from a PKCS#12 file (`.p12`, `.pfx`) with one key, as OpenSSL, Java's keytool, NSS, GnuTLS and `identity.pkcs12()` write it: encrypted by PBES2 or 3DES, with a MAC. Roots, and certificates that Java
 * trusts, are its trust anchors. Throws `PKCS12_PASSWORD_WRONG`, `PKCS12_MAC_MISSING`, `PKCS12_ALGORITHM_UNSUPPORTED` (RC2 and RC4 of old exports), `PKCS12_KEY_MISSING`,
 * `PKCS12_SEVERAL_KEYS`, `PKCS12_CERTIFICATE_MISSING`, `DER_INVALID` for what is cut off or is not such a file, `PEM_INVALID` and `KEY_MISMATCH` as `identityFromPem` does.
 */
export function identityFromPkcs12(pkcs12: NodeJS.ArrayBufferView, password: string): Identity {
  const bytes = bytesOf(pkcs12);
  if (!bytes) throw invalidOption('pkcs12', typeof pkcs12, 'the bytes of a PKCS#12 file (.p12, .pfx)');
  if (typeof password !== 'string') throw invalidOption('password', typeof password, 'text, which may be empty');
  const { keys, certificates } = readPkcs12(bytes, password);
  const [own, ...others] = keys;
  if (!own) throw new MtlsFixturesError('PKCS12_KEY_MISSING', { certificates: certificates.length });
  if (others.length > 0)
    throw new MtlsFixturesError('PKCS12_SEVERAL_KEYS', { names: keys.map(({ friendlyName }) => friendlyName ?? 'without a name') });
  if (certificates.length === 0) throw new MtlsFixturesError('PKCS12_CERTIFICATE_MISSING', { key: own.friendlyName ?? 'without a name' });

  const key = privateKeyFrom(own.der);
  for (const { der } of certificates) certificatesIn('cert', encodePem('CERTIFICATE', der)); // throws for what is not one
  const isOwn = ({ localKeyId }: Pkcs12Entry): boolean => localKeyId !== undefined && localKeyId === own.localKeyId;
  const ordered = [...certificates.filter(isOwn), ...certificates.filter((entry) => !isOwn(entry))]; // one key may have several certificates
  const trusted = certificates.filter(({ isTrusted }) => isTrusted).map(({ der }) => encodePem('CERTIFICATE', der));
  const identity = assembleIdentity({ key, certificates: ordered.map(({ der }) => der) });
  const further = trusted.filter((pem) => !identity.anchors.includes(pem));
  return further.length === 0 ? identity : identity.trusting(`${identity.anchors}${further.join('')}`);
}
