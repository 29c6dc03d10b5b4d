import { type KeyObject, X509Certificate } from 'node:crypto';
import { decodePem, encodeBlock } from '../../asn1/pem.ts';
import { invalidOption, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { nearestName } from '../../options/suggestion.ts';
import { certificatesIn, type PemInput, writtenAnew } from '../../x509/pem-input.ts';
import { assembleIdentity, describe, publicKeyOf } from './assemble-identity.ts';
import { belongsTo } from './belongs-to.ts';
import { isPemInput } from './private-key-pem.ts';
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

/** One PEM that holds the key and its certificates in any order, as HAProxy, MongoDB and many exports have it. */
export interface CombinedPem {
  /** Private key, leaf, intermediates; a root in it becomes the trust anchor where `ca` is not given. */
  readonly pem: PemInput;
  /** The trust anchors, one text or a list. */
  readonly ca?: PemInput | readonly PemInput[] | undefined;
  /** Of an encrypted key. */
  readonly passphrase?: string | undefined;
}

/**
 * An identity from certificate and key of any tool, the result of `selfsigned.generate()` included; also from one PEM that holds both (text, bytes, or as `pem`). Throws `PEM_INVALID` for what is
 * not PEM, and `KEY_MISMATCH` where the certificate is for another key.
 */
export function identityFromPem(pem: PemIdentity | CombinedPem | SelfsignedResult | PemInput): Identity {
  if (isPemInput(pem)) return identityFromCombined({ pem });
  if (typeof pem !== 'object' || pem === null)
    throw new MtlsFixturesError('PEM_INVALID', {
      what: 'identity',
      value: textOf(pem),
      problem: 'it is not PEM, nor an object with cert and key',
    });
  refuseMisspelled(pem);
  if ('pem' in pem) return identityFromCombined(pem);
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
  return createIdentity({ certificate: leaf, key: privateKey, chain, anchors: anchorsOf(ca) });
}

function identityFromCombined({ pem, ca, passphrase, ...others }: CombinedPem): Identity {
  const beside = ['cert', 'key'].find((name) => name in others);
  if (beside !== undefined) throw invalidOption('identityFromPem field', beside, 'to be left out where pem is given');
  if (!isPemInput(pem))
    throw new MtlsFixturesError('PEM_INVALID', { what: 'pem', value: typeof pem, problem: 'it is not text, nor bytes' });
  const key = privateKeyFrom(pem, passphrase);
  const blocks = decodePem(typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('latin1'));
  const text = blocks.filter(({ label }) => label.endsWith('CERTIFICATE')).map(encodeBlock);
  const certificates = certificatesIn('pem', text.join(''));
  return assembleIdentity({ key, certificates, ...(ca !== undefined && { anchors: anchorsOf(ca) }) });
}

function anchorsOf(ca: PemIdentity['ca']): string {
  return ca === undefined ? '' : writtenAnew({ what: 'ca', kind: 'certificate' }, ca).join('');
}

/** What another tool returned may hold more, but nothing that resembles a name which is missing. */
function refuseMisspelled(pem: object): void {
  const missing = pemNames.filter((name) => !(name in pem));
  const [given, meant] =
    Object.keys(pem)
      .filter((name) => !pemNames.includes(name))
      .map((name) => [name, nearestName(name, missing)] as const)
      .find(([, name]) => name !== undefined) ?? [];
  if (given !== undefined) throw invalidOption('identityFromPem field', given, `the name of a field; did you mean "${meant}"?`);
}

const pemNames: readonly string[] = ['cert', 'key', 'ca', 'passphrase', 'pem'];

function requireKey(key: unknown): PemInput | KeyObject {
  if (typeof key === 'string' || (typeof key === 'object' && key !== null)) return key as PemInput | KeyObject; // privateKeyFrom looks closer at an object
  throw new MtlsFixturesError('PEM_INVALID', { what: 'key', value: typeof key, problem: 'it is not text' });
}
