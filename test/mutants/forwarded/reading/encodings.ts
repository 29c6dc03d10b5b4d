import { X509Certificate } from 'node:crypto';
import { Malformed } from './header-lines.ts';

/** A certificate as Base64 of its DER, on one line. */
export function fromBase64(text: string): X509Certificate {
  const der = Buffer.from(text, 'base64');
  if (der.toString('base64') !== text) throw new Malformed('not Base64');
  return fromDer(der);
}

/** One certificate, without anything after it. */
function fromDer(der: Buffer): X509Certificate {
  const certificate = certificateOf(der);
  if (!certificate.raw.equals(der)) throw new Malformed('more than a certificate');
  return certificate;
}

/** RFC 8941 3.3.5; parameters mean nothing here. */
export function fromByteSequence(item: string): X509Certificate {
  const [, text] = /^:([^:]*):(?:; *[a-z*][a-z0-9_.*-]*(?:=[a-z0-9*.?_-]+)?)*$/u.exec(item) ?? [];
  if (text === undefined) throw new Malformed('not a Byte Sequence');
  return fromBase64(text);
}

/** The certificates in PEM, percent-encoded once. */
export function fromEscapedPem(text: string): X509Certificate[] {
  return fromPem(percentDecoded(text));
}

/** The certificates in PEM, and nothing beside them. */
export function fromPem(text: string): X509Certificate[] {
  if (!/^(?:-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n)+$/u.test(text)) throw new Malformed('not PEM');
  const bodies = text.split('-----END CERTIFICATE-----\n').slice(0, -1);
  return bodies.map((body) => fromBase64(body.replace('-----BEGIN CERTIFICATE-----', '').replaceAll('\n', '')));
}

/** The only one. */
export function only<Item>(items: readonly Item[]): Item {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Malformed(`${items.length} in place of one`);
  return item;
}

/** Percent-encoding, decoded once; `+` is `+`. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed('not percent-encoded');
  }
}

function certificateOf(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch {
    throw new Malformed('not a certificate');
  }
}
