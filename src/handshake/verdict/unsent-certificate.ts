import type { CertificateRequestMessage, DecodedMessage } from '../../wire/decode/decoded-message.ts';
import { inspectCertificate, type PeerCertificate } from '../../x509/inspect-certificate.ts';

/**
 * Why a client sent no certificate although it had one, in words that continue "not sent: ", as far as the wire shows it: its key fits none of
 * the signature schemes that both ends have, or no acceptable CA issued it. Undefined where the server asked for none, and where
 * neither shows. `own` is DER, the leaf first.
 */
export function whyUnsent(messages: readonly DecodedMessage[], own: readonly Uint8Array[]): string | undefined {
  const request = messages.find((message) => message.type === 'certificate_request');
  const hello = messages.find((message) => message.type === 'client_hello');
  const chain = readable(own);
  const [leaf] = chain;
  if (!request || !leaf) return undefined;
  const isTls13 = messages.some((message) => message.type === 'server_hello' && message.version === 'TLSv1.3');
  return schemesDiffer(leaf, request, { isTls13, offered: hello?.signatureSchemes ?? [] }) ?? authoritiesDiffer(chain, request);
}

function schemesDiffer(
  { keyAlgorithm }: PeerCertificate,
  { signatureSchemes, certificateTypes }: CertificateRequestMessage,
  { isTls13, offered }: { readonly isTls13: boolean; readonly offered: readonly string[] },
): string | undefined {
  if (signatureSchemes.length === 0) return undefined; // before TLS 1.2 it asks by type of key alone
  // A client signs with no scheme that it would not take itself, as OpenSSL's (its `sigalgs` are for both).
  const common = signatureSchemes.filter((scheme) => offered.length === 0 || offered.includes(scheme));
  const suits = schemesOf(keyAlgorithm, isTls13);
  if (!common.some((scheme) => suits.test(scheme)))
    return `its key (${keyAlgorithm}) fits none of the signature schemes that the server accepts (${shortList(signatureSchemes)})`;
  const type = keyAlgorithm.startsWith('rsa') ? 'rsa_sign' : 'ecdsa_sign';
  return certificateTypes.length > 0 && !certificateTypes.includes(type)
    ? `its key (${keyAlgorithm}) is of none of the types that the server accepts (${shortList(certificateTypes)})`
    : undefined;
}

/** The signature schemes that a key can sign with. TLS 1.3 ties curves to schemes, and has no PKCS #1 v1.5 and no DSA (RFC 8446 4.2.3). */
function schemesOf(keyAlgorithm: string, isTls13: boolean): RegExp {
  const curve = curves[keyAlgorithm];
  if (keyAlgorithm.startsWith('ec-') && isTls13) return curve ?? none;
  if (keyAlgorithm.startsWith('ec-')) return /^ecdsa_/u;
  if (keyAlgorithm.startsWith('rsa-pss-')) return /^rsa_pss_pss_/u;
  if (keyAlgorithm.startsWith('rsa-')) return isTls13 ? /^rsa_pss_rsae_/u : /^rsa_p(?:ss_rsae|kcs1)_/u;
  if (keyAlgorithm === 'dsa') return isTls13 ? none : /^dsa_/u;
  return new RegExp(`^${keyAlgorithm.replaceAll(/[^a-z0-9]/gu, '')}$`, 'u'); // ed25519, ml-dsa-44 as mldsa44
}

/** A client may hold its certificate back where no acceptable CA issued it (RFC 8446 4.2.4); Node's sends it all the same. */
function authoritiesDiffer(chain: readonly PeerCertificate[], { authorities }: CertificateRequestMessage): string | undefined {
  const names = authorities.map(({ text }) => text);
  if (names.length === 0 || names.includes(undefined) || chain.some(({ issuer }) => names.includes(issuer.text))) return undefined;
  return `none of the acceptable CAs that the server names (${shortList(names.map((name) => `"${name ?? ''}"`))}) issued it`;
}

function readable(own: readonly Uint8Array[]): readonly PeerCertificate[] {
  return own.flatMap((der) => {
    try {
      return [inspectCertificate(der)];
    } catch {
      return []; // presented on purpose: an empty or broken certificate
    }
  });
}

function shortList(items: readonly string[]): string {
  const shown = items.slice(0, 3).map((item) => (item.length > 60 ? `${item.slice(0, 57)}...` : item));
  return items.length > shown.length ? `${shown.join(', ')}, ... ${items.length - shown.length} more` : shown.join(', ');
}

const none = /^(?!)/u;
const curves: Readonly<Record<string, RegExp>> = {
  'ec-p256': /^ecdsa_secp256r1_sha256$/u,
  'ec-p384': /^ecdsa_secp384r1_sha384$/u,
  'ec-p521': /^ecdsa_secp521r1_sha512$/u,
};
