import { createHash } from 'node:crypto';
import {
  boolean,
  contextConstructed,
  contextPrimitive,
  type Der,
  integer,
  isObjectIdentifier,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
} from '../asn1/der-writer.ts';
import { invalidOption, type MtlsFixturesError } from '../errors/index.ts';
import { uriName } from './names/general-name.ts';
import { type ExtendedKeyUsage, extendedKeyUsageOids, type KeyUsage, keyUsageBits, oid } from './object-identifiers.ts';

/** One extension as it stands in a certificate or CRL: `value` is the DER inside the OCTET STRING. */
export interface Extension {
  /** Dotted notation. */
  readonly oid: string;
  readonly critical?: boolean | undefined;
  readonly value: Uint8Array;
}

export function encodeExtension({ oid: dotted, critical = false, value }: Extension): Der {
  return sequence(objectIdentifier(dotted), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** The key identifier: SHA-1 of the public key's bits (RFC 5280 4.2.1.2, method 1). */
export function keyIdentifier(spki: Uint8Array): Buffer {
  return createHash('sha1').update(publicKeyBits(spki)).digest();
}

export function subjectKeyIdentifier(identifier: Uint8Array): Extension {
  return { oid: oid.subjectKeyIdentifier, value: octetString(identifier) };
}

export function authorityKeyIdentifier(identifier: Uint8Array): Extension {
  return { oid: oid.authorityKeyIdentifier, value: sequence(contextPrimitive(0, identifier)) };
}

export function basicConstraints(constraints: { readonly ca: boolean; readonly pathLength?: number | undefined }): Extension {
  const { ca, pathLength } = constraints;
  return {
    oid: oid.basicConstraints,
    critical: true,
    value: sequence(...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])),
  };
}

export function keyUsage(usages: readonly KeyUsage[]): Extension {
  const bits = usages.map((usage) => {
    if (typeof usage !== 'string' || !Object.hasOwn(keyUsageBits, usage)) throw unknownUsage('keyUsage', usage, Object.keys(keyUsageBits));
    return keyUsageBits[usage];
  });
  return { oid: oid.keyUsage, critical: true, value: namedBits(bits) };
}

export function extendedKeyUsage(usages: readonly ExtendedKeyUsage[]): Extension {
  const oids = usages.map((usage) => {
    const dotted: string | undefined = Object.hasOwn(extendedKeyUsageOids, usage)
      ? extendedKeyUsageOids[usage as keyof typeof extendedKeyUsageOids]
      : usage; // membership was just tested
    if (!isObjectIdentifier(dotted))
      throw unknownUsage('extendedKeyUsage', usage, [...Object.keys(extendedKeyUsageOids), 'a dotted object identifier']);
    return objectIdentifier(dotted);
  });
  return { oid: oid.extendedKeyUsage, value: sequence(...oids) };
}

/** `critical` where the subject is empty (RFC 5280 4.2.1.6). */
export function subjectAltName(names: readonly Der[], critical: boolean): Extension {
  return { oid: oid.subjectAltName, critical, value: sequence(...names) };
}

export function crlDistributionPoints(urls: readonly string[]): Extension {
  const points = urls.map((url) => sequence(contextConstructed(0, contextConstructed(0, uriName(url)))));
  return { oid: oid.crlDistributionPoints, value: sequence(...points) };
}

export function authorityInfoAccess(urls: { readonly ocsp: readonly string[]; readonly caIssuers: readonly string[] }): Extension {
  return {
    oid: oid.authorityInfoAccess,
    value: sequence(
      ...urls.ocsp.map((url) => accessDescription(oid.accessOcsp, url)),
      ...urls.caIssuers.map((url) => accessDescription(oid.accessCaIssuers, url)),
    ),
  };
}

/** The TLS Feature that demands a stapled OCSP response, status_request (RFC 7633 4.1; its number is that of the TLS extension). */
export function mustStaple(): Extension {
  return { oid: oid.tlsFeature, value: sequence(integer(statusRequest)) };
}

function accessDescription(method: string, url: string): Der {
  return sequence(objectIdentifier(method), uriName(url));
}

function unknownUsage(option: string, value: string, known: readonly string[]): MtlsFixturesError {
  return invalidOption(option, value, `one of ${known.join(', ')}`);
}

/** The content of the BIT STRING that ends a SubjectPublicKeyInfo, without its count of unused bits. Node wrote the bytes, so they are well formed. */
export function publicKeyBits(spki: Uint8Array): Uint8Array {
  const outer = headerLength(spki, 0);
  const algorithmEnd = outer + elementLength(spki, outer);
  return spki.subarray(algorithmEnd + headerLength(spki, algorithmEnd) + 1);
}

function headerLength(der: Uint8Array, at: number): number {
  const first = der[at + 1] ?? 0;
  return first & 0x80 ? 2 + (first & 0x7f) : 2;
}

function elementLength(der: Uint8Array, at: number): number {
  const header = headerLength(der, at);
  if (header === 2) return 2 + (der[at + 1] ?? 0);
  let length = 0;
  for (let index = at + 2; index < at + header; index += 1) length = length * 256 + (der[index] ?? 0);
  return header + length;
}

const statusRequest = 5;
