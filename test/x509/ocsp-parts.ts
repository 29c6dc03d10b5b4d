import type { DerElement } from '../../src/asn1/der-reader.ts';
import { readDer } from '../../src/asn1/der-reader.ts';
import { contextConstructed, integer, octetString, sequence } from '../../src/asn1/der-writer.ts';
import { encodeExtension } from '../../src/x509/extensions.ts';

/** The DER of a request about the CertIDs, unsigned. */
export function ocspRequest(ids: readonly Uint8Array[], { nonce }: { readonly nonce?: Uint8Array } = {}): Uint8Array {
  const extensions = nonce
    ? [contextConstructed(2, sequence(encodeExtension({ oid: '1.3.6.1.5.5.7.48.1.2', value: octetString(nonce) })))]
    : [];
  return sequence(sequence(sequence(...ids.map((id) => sequence(id))), ...extensions));
}

/** Everything that may stand in a request: version, who asks, an extension of one certificate, a signature. */
export function ornateOcspRequest(id: Uint8Array, { nonce }: { readonly nonce: Uint8Array }): Uint8Array {
  const extension = (oid: string, value: Uint8Array): Uint8Array => encodeExtension({ oid, critical: true, value });
  const tbs = sequence(
    contextConstructed(0, integer(0)),
    contextConstructed(1, contextConstructed(4, sequence())),
    sequence(sequence(id, contextConstructed(0, sequence(extension('1.2.3', integer(1)))))),
    contextConstructed(2, sequence(extension('1.2.4', integer(1)), extension('1.3.6.1.5.5.7.48.1.2', octetString(nonce)))),
  );
  return sequence(tbs, contextConstructed(0, sequence(sequence(), octetString(nonce))));
}

/** What a successful response says. */
export interface ReadOcspParts {
  readonly responderId: DerElement;
  readonly producedAt: Date;
  readonly answers: readonly {
    readonly id: Uint8Array;
    readonly tag: number;
    readonly date: Date | undefined;
    readonly reason: number | undefined;
    readonly thisUpdate: Date;
    readonly nextUpdate: Date | undefined;
  }[];
  /** The values of the extensions by object identifier. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
  readonly certificates: readonly Uint8Array[];
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** The number of the response status: 0 for a successful one. */
export function ocspStatusNumber(der: Uint8Array): number | undefined {
  return readDer(der, 'OCSP response').children[0]?.expect(0x0a, 'the status').content[0];
}

/** Reads a successful response. */
export function readOcspParts(der: Uint8Array): ReadOcspParts {
  const [, bytes] = readDer(der, 'OCSP response').children;
  const [type, octets] = bytes?.expect(0xa0, 'the bytes').inner().children ?? [];
  if (type?.objectIdentifier !== '1.3.6.1.5.5.7.48.1.1') throw new Error('no basic response');
  const [data, , signature, certificates] = octets?.inner().children ?? [];
  const [responderId, producedAt, answers, extensions] = data?.children ?? [];
  if (!data || !signature || !responderId || !producedAt || !answers) throw new Error('a response without its fields');
  return {
    responderId,
    producedAt: producedAt.expect(0x18, 'producedAt').time,
    answers: answers.children.map(readAnswer),
    extensions: new Map(
      extensions
        ?.expect(0xa1, 'the extensions')
        .inner()
        .children.map(({ children: [oid, value] }) => [oid?.objectIdentifier ?? '', value?.content ?? new Uint8Array(0)]),
    ),
    certificates:
      certificates
        ?.expect(0xa0, 'the certificates')
        .inner()
        .children.map((certificate) => certificate.bytes) ?? [],
    signed: data.bytes,
    signature: signature.content.subarray(1),
  };
}

function readAnswer({ children: [id, status, thisUpdate, nextUpdate] }: DerElement): ReadOcspParts['answers'][number] {
  if (!id || !status || !thisUpdate) throw new Error('an answer without its fields');
  const [date, reason] = status.tag === 0xa1 ? status.children : [];
  return {
    id: id.bytes,
    tag: status.tag,
    date: date?.expect(0x18, 'the date').time,
    reason: reason?.expect(0xa0, 'the reason').inner().expect(0x0a, 'the reason').content[0],
    thisUpdate: thisUpdate.expect(0x18, 'thisUpdate').time,
    nextUpdate: nextUpdate?.expect(0xa0, 'nextUpdate').inner().expect(0x18, 'nextUpdate').time,
  };
}
