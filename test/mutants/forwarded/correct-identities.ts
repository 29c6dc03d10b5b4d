import type { X509Certificate } from 'node:crypto';
import type { Pki } from '../../../src/index.ts';
import { fromBase64, fromByteSequence, fromEscapedPem, fromPem, only } from './reading/encodings.ts';
import { lineOf, linesOf, Malformed, type RequestLines } from './reading/header-lines.ts';
import { commonNameOf } from './reading/names.ts';
import { authoritiesOf, certificatesOfPem, isValidClient } from './reading/verification.ts';
import { valueOf, type XfccElement, xfccElements } from './reading/xfcc.ts';

/** The name of the client that the lines of a request name; undefined where they name none. Throws `Malformed`. */
export type ByLines = (request: RequestLines) => string | undefined;

/** Of Envoy, which verifies and replaces what the client sent: the one element. */
export const byEnvoy: ByLines = (request) => {
  const header = lineOf(request, 'X-Forwarded-Client-Cert');
  return header === undefined ? undefined : nameInElement(only(xfccElements(header)));
};

/** Of Envoy, which appends its element to what the client sent: the last one is its. */
export const byLastOfEnvoy: ByLines = (request) => {
  const element = linesOf(request, 'X-Forwarded-Client-Cert').flatMap(xfccElements).at(-1);
  return element && nameInElement(element);
};

/** Of nginx, where it verified. */
export const byNginx: ByLines = (request) => {
  const pem = lineOf(request, 'X-SSL-CERT');
  if (pem === undefined || lineOf(request, 'X-SSL-Client-Verify') !== 'SUCCESS') return undefined;
  return nameOf(only(fromEscapedPem(pem)));
};

/** Of Apache, where it verified: it writes blanks for the line ends of PEM, and `(null)` for nothing. */
export const byApache: ByLines = (request) => {
  const [text = '(null)', verify] = [lineOf(request, 'X-SSL-Client-Cert'), lineOf(request, 'X-SSL-Client-Verify')];
  return text === '(null)' || verify !== 'SUCCESS' ? undefined : nameOf(ofApache(text));
};

/** Of HAProxy, where there is a certificate and its result is 0. */
export const byHaproxy: ByLines = (request) => {
  const [text, used, verify] = ['X-SSL-CERT', 'X-SSL-Client-Used', 'X-SSL-Client-Verify'].map((name) => lineOf(request, name));
  return text === undefined || used !== '1' || verify !== '0' ? undefined : nameOf(fromBase64(text));
};

/** Of Amazon's load balancer, where it verifies. */
export const byAlb: ByLines = (request) => {
  const pem = lineOf(request, 'X-Amzn-Mtls-Clientcert-Leaf');
  return pem === undefined ? undefined : nameOf(only(fromEscapedPem(pem)));
};

/** Of one header that holds Base64 of the DER. */
export function byBase64(header: string): ByLines {
  return (request) => {
    const text = lineOf(request, header);
    return text === undefined ? undefined : nameOf(fromBase64(text));
  };
}

/** Of RFC 9440, by a proxy that verifies. */
export const byClientCert: ByLines = (request) => {
  const [leaf, ...issuers] = byteSequences(request);
  if (!leaf) return undefined;
  for (const [index, issuer] of issuers.entries())
    if (![leaf, ...issuers][index]?.checkIssued(issuer)) throw new Malformed('a chain of another');
  return nameOf(leaf);
};

/** Of RFC 9440, by a proxy that verifies nothing. */
export function byUnverifiedClientCert(pki: Pki): ByLines {
  const anchors = certificatesOfPem(pki.anchors);
  return (request) => verifiedNameOf(byteSequences(request), anchors);
}

/** Of Amazon's load balancer, where it passes on what clients present. */
export function byUnverifiedAlb(pki: Pki): ByLines {
  const anchors = certificatesOfPem(pki.anchors);
  return (request) => {
    const pem = lineOf(request, 'X-Amzn-Mtls-Clientcert');
    return pem === undefined ? undefined : verifiedNameOf(fromEscapedPem(pem), anchors);
  };
}

/** Of Azure's App Service, which verifies nothing and sends the leaf alone. */
export function byAppService(pki: Pki): ByLines {
  const authorities = authoritiesOf(pki);
  return (request) => {
    const text = lineOf(request, 'X-ARR-ClientCert');
    return text === undefined ? undefined : verifiedNameOf([fromBase64(text)], authorities);
  };
}

/** Of Traefik, which sends all of the chain and does not say whether it verified. */
export function byTraefik(pki: Pki): ByLines {
  const anchors = certificatesOfPem(pki.anchors);
  return (request) => {
    const text = lineOf(request, 'X-Forwarded-Tls-Client-Cert');
    return text === undefined ? undefined : verifiedNameOf(text.split(',').map(fromBase64), anchors);
  };
}

/** Of Google's load balancer, where it verified. */
export const byGcp: ByLines = (request) => {
  const [present, verified, leaf] = ['X-Client-Cert-Present', 'X-Client-Cert-Chain-Verified', 'X-Client-Cert-Leaf'].map((name) =>
    lineOf(request, name),
  );
  return present !== 'true' || verified !== 'true' || leaf === undefined ? undefined : nameOf(fromByteSequence(leaf));
};

/** Of Cloudflare, where it verified and knows of no revocation. */
export const byCloudflare: ByLines = (request) => {
  const [verified, revoked, text] = ['cf-cert-verified', 'cf-cert-revoked', 'Cf-Client-Cert-Der-Base64'].map((name) =>
    lineOf(request, name),
  );
  return verified !== 'true' || revoked !== 'false' || text === undefined ? undefined : nameOf(fromBase64(text));
};

/** By the certificate of an element, which has to be that of its hash. */
export function nameInElement(element: XfccElement): string | undefined {
  const pem = valueOf(element, 'cert');
  if (pem === undefined) return undefined;
  const certificate = only(fromEscapedPem(pem));
  const hash = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  if ((valueOf(element, 'hash') ?? hash) !== hash) throw new Malformed('the hash of another');
  return nameOf(certificate);
}

/** The common name of a client; an authority is not one. */
export function nameOf(certificate: X509Certificate): string | undefined {
  return certificate.ca ? undefined : commonNameOf(certificate);
}

/** The same where its issuers lead to an anchor. */
function verifiedNameOf([leaf, ...issuers]: readonly X509Certificate[], anchors: readonly X509Certificate[]): string | undefined {
  return leaf && isValidClient(leaf, issuers, anchors) ? nameOf(leaf) : undefined;
}

/** `Client-Cert`, and the chain, which may come in several lines (RFC 8941 4.2). */
function byteSequences(request: RequestLines): X509Certificate[] {
  const leaf = lineOf(request, 'Client-Cert');
  const issuers = linesOf(request, 'Client-Cert-Chain').flatMap((line) => line.split(','));
  if (leaf === undefined && issuers.length > 0) throw new Malformed('a chain without certificate');
  return leaf === undefined ? [] : [leaf, ...issuers].map((item) => fromByteSequence(item.trim()));
}

/** Apache writes blanks for the line ends of PEM. */
export function ofApache(text: string): X509Certificate {
  const [, body] = /^-----BEGIN CERTIFICATE----- ([^-]+) -----END CERTIFICATE----- ?$/u.exec(text) ?? [];
  if (body === undefined) throw new Malformed('not PEM');
  return only(fromPem(`-----BEGIN CERTIFICATE-----\n${body.replaceAll(' ', '\n')}\n-----END CERTIFICATE-----\n`));
}
