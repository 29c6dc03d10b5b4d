import { ByteCursor } from '../../byte-cursor.ts';
import { encodeUint, encodeVector } from '../../tls-encoding.ts';

/** The body of a Certificate (RFC 5246 7.4.2): certificates in DER, the leaf first; none for a client that has none. */
export function encodeCertificates(certificates: readonly Uint8Array[]): Buffer {
  return encodeVector(3, ...certificates.map((der) => encodeVector(3, der)));
}

/** The certificates of a Certificate; undefined where it is malformed. */
export function readCertificates(body: Uint8Array): Uint8Array[] | undefined {
  const cursor = new ByteCursor(body);
  const list = cursor.vector(3);
  const certificates: Uint8Array[] = [];
  while (list.remaining > 0) {
    const der = list.take(list.uint(3));
    if (der.length === 0) return undefined;
    certificates.push(der);
  }
  return cursor.truncated || list.truncated || cursor.remaining > 0 ? undefined : certificates;
}

/** A CertificateRequest (RFC 5246 7.4.4). */
export interface CertificateRequest {
  /** The numbers of the kinds of certificate. */
  readonly types: readonly number[];
  /** The numbers of the signature schemes. */
  readonly schemes: readonly number[];
  /** Names in DER. */
  readonly authorities: readonly Uint8Array[];
}

/** The body of a CertificateRequest for keys that sign: RSA, and ECDSA with EdDSA (RFC 8422 5.5). */
export function encodeCertificateRequest({ schemes, authorities }: Omit<CertificateRequest, 'types'>): Buffer {
  return Buffer.concat([
    encodeVector(1, Uint8Array.of(certificateType.rsa_sign, certificateType.ecdsa_sign)),
    encodeVector(2, ...schemes.map((scheme) => encodeUint(2, scheme))),
    encodeVector(2, ...authorities.map((name) => encodeVector(2, name))),
  ]);
}

/** Reads the body of a CertificateRequest; undefined where it is malformed. */
export function readCertificateRequest(body: Uint8Array): CertificateRequest | undefined {
  const cursor = new ByteCursor(body);
  const types = [...cursor.take(cursor.uint(1))];
  const schemeList = cursor.vector(2);
  const schemes = schemeList.uint16List();
  const names = cursor.vector(2);
  const authorities: Uint8Array[] = [];
  while (names.remaining > 0) authorities.push(names.take(names.uint(2)));
  const isWhole = !cursor.truncated && cursor.remaining === 0 && !names.truncated && schemeList.remaining === 0;
  return isWhole && types.length > 0 && schemes.length > 0 ? { types, schemes, authorities } : undefined;
}

/** A digitally-signed struct: the body of a CertificateVerify (RFC 5246 4.7, 7.4.8). */
export interface DigitalSignature {
  /** The number of the scheme. */
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** The body of a CertificateVerify. */
export function encodeDigitalSignature({ scheme, signature }: DigitalSignature): Buffer {
  return Buffer.concat([encodeUint(2, scheme), encodeVector(2, signature)]);
}

/** Reads the body of a CertificateVerify; undefined where it is malformed. */
export function readDigitalSignature(body: Uint8Array): DigitalSignature | undefined {
  const cursor = new ByteCursor(body);
  const scheme = cursor.uint(2);
  const signature = cursor.take(cursor.uint(2));
  return cursor.truncated || cursor.remaining > 0 ? undefined : { scheme, signature };
}

/** ClientCertificateType (RFC 5246 7.4.4, RFC 8422 5.5). */
const certificateType = { rsa_sign: 1, ecdsa_sign: 64 } as const;
