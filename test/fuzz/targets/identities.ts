import { createPrivateKey } from 'node:crypto';
import { identityFromPkcs12 } from '../../../src/pki/formats/identity-from-pkcs12.ts';
import { identityFromPem } from '../../../src/pki/formats/identity-from-pem.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { restorePki } from '../../../src/pki/formats/restore-pki.ts';
import type { SerializedPki } from '../../../src/pki/formats/serialized-pki.ts';
import { certificateBag, keyBag, makePfx, plainSafes } from '../../pki/formats/pkcs12/make-pfx.ts';
import { framesIn } from '../frames.ts';
import { require, unlessRefused } from '../refusals.ts';

/** A certificate with its chain, a frame with flag 1 for what is trusted; the key is the run's own, so a pair that fits is rare. */
export function identity(input: Uint8Array): void {
  const [cert = '', ca] = [0, 1].map((kind) =>
    framesIn(input)
      .filter(({ flags }) => (flags & 1) === kind)
      .map(({ bytes }) => bytes.toString('utf8'))
      .join('\n'),
  );
  const own = cert.replaceAll(ownCertificate, run().leaf.chainPem);
  const made = unlessRefused(() => identityFromPem({ cert: own, key: run().leaf.keyPem, ...(ca && { ca }) }), ...refusals);
  if (made) require(made.pkcs12('password').length > 0 && made.name !== '', 'an identity cannot be used');
}

/** The key of a pair that fits, with octets of its PEM set: two for the place, one for the octet. No key is ever written down. */
export function identityKey(input: Uint8Array): void {
  const key = Buffer.from(run().leaf.keyPem);
  for (let at = 0; at + 3 <= input.length; at += 3) key[(((input[at] ?? 0) << 8) | (input[at + 1] ?? 0)) % key.length] = input[at + 2] ?? 0;
  const { chainPem } = run().leaf;
  unlessRefused(() => identityFromPem({ cert: chainPem, key: key.toString('latin1'), passphrase: 'x' }), ...refusals);
}

/**
 * A PKCS#12 file, by its first octet: the whole of it; what it contains, under the MAC that belongs to it; or a good one's content with octets set, two for the place and one for the octet. No key is
 * ever written down.
 */
export function pkcs12(input: Uint8Array): void {
  const [kind = 0] = input;
  const rest = input.subarray(1);
  const file = kind % 3 === 0 ? rest : makePfx(kind % 3 === 1 ? rest : changedContent(rest), password);
  const made = unlessRefused(() => identityFromPkcs12(file, password), ...refusals, ...pkcs12Refusals);
  if (made) require(made.keyPem !== '' && made.chainPem !== '', 'an identity cannot be used');
}

function changedContent(changes: Uint8Array): Buffer {
  const content = Buffer.from(run().pkcs12Content);
  for (let at = 0; at + 3 <= changes.length; at += 3)
    content[(((changes[at] ?? 0) << 8) | (changes[at + 1] ?? 0)) % content.length] = changes[at + 2] ?? 0;
  return content;
}

/** JSON that claims to be a serialized PKI; `@root`, `@root-key` and so on stand for the run's own. */
export function serializedPki(input: Uint8Array): void {
  const parsed = parsedJson(Buffer.from(input).toString('utf8'));
  if (parsed === undefined) return;
  // What is restored is whatever JSON says: the function has to look.
  const pki = unlessRefused(() => restorePki(parsed as SerializedPki), 'SERIALIZED_PKI_INVALID');
  if (!pki) return;
  require(restorePki(pki.serialize()).anchors === pki.anchors, 'what is restored cannot be restored again');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? (run().placeholders.get(value) ?? value) : value));
  } catch {
    return undefined;
  }
}

/** Made when first asked for: a target that needs none should not pay. */
function run(): ReturnType<typeof makeRun> {
  return (made ??= makeRun());
}

function makeRun() {
  const pki = createPki({ name: 'fuzz' });
  const [root, issuer] = pki.serialize().authorities;
  const placeholders = new Map([
    ['@root', root?.certificate ?? ''],
    ['@root-key', root?.key ?? ''],
    ['@issuer', issuer?.certificate ?? ''],
    ['@issuer-key', issuer?.key ?? ''],
  ]);
  const leaf = pki.server();
  const key = createPrivateKey(leaf.keyPem).export({ type: 'pkcs8', format: 'der' });
  const pkcs12Content = plainSafes([certificateBag(leaf.certificate.raw), certificateBag(pki.issuer.certificate.raw)], [keyBag(key)]);
  return { leaf, placeholders, pkcs12Content };
}

let made: ReturnType<typeof makeRun> | undefined;
const ownCertificate = '@own';
const password = 'password';
const pkcs12Refusals = [
  'PKCS12_PASSWORD_WRONG',
  'PKCS12_MAC_MISSING',
  'PKCS12_ALGORITHM_UNSUPPORTED',
  'PKCS12_KEY_MISSING',
  'PKCS12_SEVERAL_KEYS',
  'PKCS12_CERTIFICATE_MISSING',
  'KEY_ALGORITHM_UNAVAILABLE',
] as const;
const refusals = ['PEM_INVALID', 'DER_INVALID', 'KEY_MISMATCH', 'OPTION_INVALID'] as const;
