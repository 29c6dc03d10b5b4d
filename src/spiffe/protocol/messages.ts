import { bytesField, mapEntry, readFields, textField } from './protobuf.ts';
import { encodeStruct } from './struct.ts';

/** One SVID of an `X509SVIDResponse` (Workload API 5.2.1). */
interface X509SvidMessage {
  readonly spiffeId: string;
  /** DER certificates, one after the other, the leaf first. */
  readonly certificates: Uint8Array;
  /** PKCS#8 DER. */
  readonly key: Uint8Array;
  /** DER roots of its trust domain, one after the other. */
  readonly bundle: Uint8Array;
  readonly hint: string;
}

/** An `X509SVIDResponse`. */
export interface X509SvidResponse {
  readonly svids: readonly X509SvidMessage[];
  readonly crls: readonly Uint8Array[];
  /** By the SPIFFE id of the trust domain. */
  readonly federatedBundles: ReadonlyMap<string, Uint8Array>;
}

export function encodeX509SvidResponse({ svids, crls, federatedBundles }: X509SvidResponse): Buffer {
  return Buffer.concat([
    ...svids.map((svid) =>
      bytesField(
        1,
        Buffer.concat([
          textField(1, svid.spiffeId),
          bytesField(2, svid.certificates),
          bytesField(3, svid.key),
          bytesField(4, svid.bundle),
          textField(5, svid.hint),
        ]),
      ),
    ),
    ...crls.map((crl) => bytesField(2, crl)),
    ...mapFields(3, federatedBundles),
  ]);
}

/** Throws a RangeError for bytes that are not such a message. */
export function decodeX509SvidResponse(message: Uint8Array): X509SvidResponse {
  const fields = readFields(message);
  const of = (number: number): Buffer[] => fields.filter((field) => field.number === number).map(({ value }) => value);
  return {
    svids: of(1).map((svid) => {
      const parts = new Map(readFields(svid).map(({ number, value }) => [number, value]));
      const part = (number: number): Buffer => parts.get(number) ?? Buffer.alloc(0);
      return {
        spiffeId: part(1).toString(),
        certificates: part(2),
        key: part(3),
        bundle: part(4),
        hint: part(5).toString(),
      };
    }),
    crls: of(2),
    federatedBundles: new Map(of(3).map(readEntry)),
  };
}

/** An `X509BundlesResponse`. */
export function encodeX509BundlesResponse(crls: readonly Uint8Array[], bundles: ReadonlyMap<string, Uint8Array>): Buffer {
  return Buffer.concat([...crls.map((crl) => bytesField(1, crl)), ...mapFields(2, bundles)]);
}

/** A `JWTBundlesResponse`; the values are JWKS documents. */
export function encodeJwtBundlesResponse(bundles: ReadonlyMap<string, string>): Buffer {
  return Buffer.concat([...bundles].map(([id, document]) => mapEntry(1, id, Buffer.from(document))));
}

/** A `JWTSVIDRequest`. Throws a RangeError for bytes that are not a message. */
export function decodeJwtSvidRequest(message: Uint8Array): { readonly audience: readonly string[]; readonly spiffeId: string } {
  const fields = readFields(message);
  return {
    audience: fields.filter(({ number }) => number === 1).map(({ value }) => value.toString()),
    spiffeId: fields.findLast(({ number }) => number === 2)?.value.toString() ?? '',
  };
}

/** A `JWTSVIDResponse`. */
export function encodeJwtSvidResponse(
  svids: readonly { readonly spiffeId: string; readonly token: string; readonly hint: string }[],
): Buffer {
  return Buffer.concat(
    svids.map(({ spiffeId, token, hint }) =>
      bytesField(1, Buffer.concat([textField(1, spiffeId), textField(2, token), textField(3, hint)])),
    ),
  );
}

/** A `ValidateJWTSVIDRequest`. Throws a RangeError for bytes that are not a message. */
export function decodeValidateRequest(message: Uint8Array): { readonly audience: string; readonly token: string } {
  const fields = readFields(message);
  const text = (wanted: number): string => fields.findLast(({ number }) => number === wanted)?.value.toString() ?? '';
  return { audience: text(1), token: text(2) };
}

/** A `ValidateJWTSVIDResponse`. */
export function encodeValidateResponse(spiffeId: string, claims: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat([textField(1, spiffeId), bytesField(2, encodeStruct(claims))]);
}

function mapFields(number: number, entries: ReadonlyMap<string, Uint8Array>): Buffer[] {
  return [...entries].map(([key, value]) => mapEntry(number, key, value));
}

function readEntry(entry: Uint8Array): [string, Buffer] {
  const parts = new Map(readFields(entry).map(({ number, value }) => [number, value]));
  return [parts.get(1)?.toString() ?? '', parts.get(2) ?? Buffer.alloc(0)];
}
