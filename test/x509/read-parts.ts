import { type DerElement, readDer } from '../../src/asn1/der-reader.ts';
import { decodePem } from '../../src/asn1/pem.ts';

/** An extension as it stands in a certificate or CRL. */
export interface ReadExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: DerElement;
}

/** The fields of the signed part of a certificate, in their order; the version first. */
export function tbsFields(certificate: Uint8Array): DerElement[] {
  return readDer(certificate, 'certificate').children[0]?.children ?? [];
}

/** The extensions of a certificate, in their order. */
export function extensionsOf(certificate: Uint8Array): ReadExtension[] {
  const wrapper = tbsFields(certificate).find(({ tag }) => tag === 0xa3);
  return (wrapper?.inner().children ?? []).map(readExtension);
}

/** What one CRL says. */
export interface ReadRevocationList {
  readonly version: bigint;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly { readonly serialNumber: bigint; readonly date: Date; readonly reason: number | undefined }[];
  readonly extensions: readonly ReadExtension[];
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads every CRL of a PEM text. */
export function readRevocationLists(pem: string): ReadRevocationList[] {
  return decodePem(pem).map(({ label, der }) => {
    if (label !== 'X509 CRL') throw new Error(`a ${label} among the CRLs`);
    return readRevocationList(der);
  });
}

/** Reads the DER of a CRL. */
export function readRevocationList(der: Uint8Array): ReadRevocationList {
  const [tbs, , signature] = readDer(der, 'CRL').children;
  const [version, , issuer, thisUpdate, nextUpdate, ...rest] = tbs?.children ?? [];
  if (!tbs || !version || !issuer || !thisUpdate || !nextUpdate || !signature) throw new Error('a CRL without its fields');
  return {
    version: version.integer,
    issuer: issuer.bytes,
    thisUpdate: thisUpdate.time,
    nextUpdate: nextUpdate.time,
    revoked: (rest.find(({ tag }) => tag === 0x30)?.children ?? []).map(readEntry),
    extensions: (rest.find(({ tag }) => tag === 0xa0)?.inner().children ?? []).map(readExtension),
    signed: tbs.bytes,
    signature: signature.content.subarray(1),
  };
}

function readEntry(entry: DerElement): ReadRevocationList['revoked'][number] {
  const [serialNumber, date, extensions] = entry.children;
  if (!serialNumber || !date) throw new Error('a CRL entry without its fields');
  const reason = extensions?.children.map(readExtension).find(({ oid }) => oid === '2.5.29.21')?.value;
  return { serialNumber: serialNumber.integer, date: date.time, reason: reason?.expect(0x0a, 'the reason').content[0] };
}

function readExtension(extension: DerElement): ReadExtension {
  const [id, ...rest] = extension.children;
  const value = rest.at(-1);
  if (!id || !value) throw new Error('an extension without its fields');
  return {
    oid: id.objectIdentifier,
    critical: rest.length === 2 && rest[0]?.boolean === true,
    value: value.expect(0x04, 'the value').inner(),
  };
}
