import { type KeyObject, X509Certificate } from 'node:crypto';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { nearestName } from '../../options/suggestion.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { certificatesIn, type PemInput, writtenAnew } from '../../x509/pem-input.ts';
import { belongsTo } from './belongs-to.ts';
import { createIdentity, type Identity } from '../identity.ts';
import { privateKeyFrom } from '../key-algorithm.ts';

/** Certificate and key of another tool, as PEM in text or bytes; bytes may be DER. */
export interface PemIdentity {
  /** The leaf first, then its intermediates. */
  readonly cert: PemInput;
  /** PKCS#8, PKCS#1 or SEC1; may be encrypted. A KeyObject will do. */
  readonly key: PemInput | KeyObject;
  /** The trust anchors, one text or a list. Without them `identity.tls` throws `TRUST_MISSING`; `identity.trusting()` adds them. */
  readonly ca?: PemInput | readonly PemInput[] | undefined;
  /** Of an encrypted key. */
  readonly passphrase?: string | undefined;
}

/** What `generate()` of the selfsigned package returns, as far as it is used. */
export interface SelfsignedResult {
  readonly private: string;
  readonly public: string;
  readonly cert: string;
}

/**
 * An identity from certificate and key of any tool, the result of `selfsigned.generate()` included. Throws `PEM_INVALID` for what is
 * not PEM, and `KEY_MISMATCH` where the certificate is for another key.
 */
export function identityFromPem(pem: PemIdentity | SelfsignedResult): Identity {
  if (typeof pem !== 'object' || pem === null)
    throw new MtlsFixturesError('PEM_INVALID', { what: 'identity', value: textOf(pem), problem: 'it is not an object with cert and key' });
  refuseMisspelled(pem);
  const { cert, key, ca, passphrase }: PemIdentity = 'private' in pem ? { cert: pem.cert, key: pem.private } : pem;
  if (Array.isArray(cert))
    throw new MtlsFixturesError('PEM_INVALID', {
      what: 'cert',
      value: 'list',
      problem: 'it is a list; join the leaf and its intermediates to one text',
    });
  const [leaf = new Uint8Array(), ...chain] = certificatesIn('cert', cert); // there is one, or it has thrown
  const privateKey = privateKeyFrom(requireKey(key), passphrase);
  const certificate = new X509Certificate(leaf);
  if (!belongsTo(privateKey, publicKeyOf(certificate))) throw new MtlsFixturesError('KEY_MISMATCH', { subject: describe(leaf) });
  const anchors = ca === undefined ? [] : writtenAnew({ what: 'ca', kind: 'certificate' }, ca);
  return createIdentity({ certificate: leaf, key: privateKey, chain, anchors: anchors.join('') });
}

/** What another tool returned may hold more, but nothing that resembles a name which is missing. */
function refuseMisspelled(pem: object): void {
  const missing = pemNames.filter((name) => !(name in pem));
  const [given, meant] =
    Object.keys(pem)
      .filter((name) => !pemNames.includes(name))
      .map((name) => [name, nearestName(name, missing)] as const)
      .find(([, name]) => name !== undefined) ?? [];
  if (given !== undefined)
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'identityFromPem field',
      value: given,
      expected: `the name of a field; did you mean "${meant}"?`,
    });
}

const pemNames: readonly string[] = ['cert', 'key', 'ca', 'passphrase'];

function requireKey(key: unknown): PemInput | KeyObject {
  if (typeof key === 'string' || (typeof key === 'object' && key !== null)) return key as PemInput | KeyObject; // privateKeyFrom looks closer at an object
  throw new MtlsFixturesError('PEM_INVALID', { what: 'key', value: typeof key, problem: 'it is not text' });
}

/** Node reads a certificate whose key it then cannot read. */
function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    const facts = { what: 'cert', value: 'BEGIN CERTIFICATE', problem: 'the public key in it cannot be read' };
    throw new MtlsFixturesError('PEM_INVALID', facts, { cause });
  }
}

function describe(leaf: Uint8Array): string {
  const { subject, serialNumber } = inspectCertificate(leaf);
  return subject.text === '' ? `serial number ${serialNumber}` : subject.text;
}
