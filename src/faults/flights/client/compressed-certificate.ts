import { alterBody, repeat } from '../../../wire/engine/edits.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { compressCertificate, compressionNumbers, ownCompressions } from '../../../wire/engine/tls13/messages/compressed-certificate.ts';
import { compressionName, inflateCertificate, inflationBudget } from '../../../wire/decode/messages/inflate-certificate.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { requestedExtensions } from './certificate-request.ts';
import { type EditedFlight, type EditedFlights, inTls13 } from './edited-flight.ts';

/** CompressedCertificates (RFC 8879) that a server which takes them has to refuse; the unedited flight has its Certificate compressed too. */
export const compressedCertificate = {
  'client-compressed-certificate-wrong-length': {
    shown: 'CompressedCertificate (says one octet more than its Certificate has)',
    ...compressed((parts) => encoded({ ...parts, length: parts.length + 1 })),
  },
  'client-compressed-certificate-too-large': {
    shown: 'CompressedCertificate (holds eight mebibytes more than it says)',
    ...compressed(({ algorithm, length, plain }) => {
      const larger = compressCertificate(Buffer.concat([plain, Buffer.alloc(bombLength)]), algorithm);
      return encoded({ ...partsOf(larger), length });
    }),
  },
  'client-compressed-certificate-not-compressed': {
    shown: 'CompressedCertificate (holds the Certificate as it is)',
    ...compressed((parts) => encoded({ ...parts, content: parts.plain })),
  },
  'client-compressed-certificate-empty': {
    shown: 'CompressedCertificate (without compressed data)',
    ...compressed((parts) => encoded({ ...parts, content: Buffer.alloc(0) })),
  },
  'client-compressed-certificate-algorithm-not-offered': {
    shown: 'CompressedCertificate (by an algorithm that was not offered)',
    ...compressed((parts, context) => {
      const other = ownCompressions().find((name) => !takenBy(context).includes(numberOf(name)));
      return other ? compressCertificate(parts.plain, other) : Buffer.concat([encodeUint(2, unassigned), encoded(parts).subarray(2)]);
    }),
  },
  'client-compressed-certificate-twice': {
    shown: 'CompressedCertificate (sent twice)',
    compresses: true,
    edits: inTls13(repeat('compressed_certificate')),
    unfit: unlessTaken,
  },
} as const satisfies EditedFlights<string>;

/** The fields of a CompressedCertificate, and what it holds (RFC 8879 4). */
interface Parts {
  readonly algorithm: NonNullable<ReturnType<typeof compressionName>>;
  /** `uncompressed_length`. */
  readonly length: number;
  readonly content: Uint8Array;
  readonly plain: Buffer;
}

/** Another CompressedCertificate in place of the one that is due. */
function compressed(alter: (parts: Parts, context: FlightContext) => Buffer): Omit<EditedFlight, 'shown'> {
  return {
    compresses: true,
    edits: inTls13(alterBody('compressed_certificate', (body, context) => alter(partsOf(body), context))),
    unfit: unlessTaken,
  };
}

function partsOf(body: Buffer): Parts {
  const cursor = new ByteCursor(body);
  const algorithm = compressionName(cursor.uint(2)) ?? 'zlib'; // its own, which it knows
  const length = cursor.uint(3);
  const content = cursor.take(cursor.uint(3));
  const plain = inflateCertificate(content, { algorithm, length, budget: inflationBudget() });
  return { algorithm, length, content, plain: Buffer.from(plain) };
}

function encoded({ algorithm, length, content }: Omit<Parts, 'plain'>): Buffer {
  return Buffer.concat([encodeUint(2, numberOf(algorithm)), encodeUint(3, length), encodeVector(3, content)]);
}

/** Why there is no CompressedCertificate to be edited: the server has to offer that in its CertificateRequest. */
function unlessTaken(context: FlightContext): string | undefined {
  const taken = takenBy(context);
  if (taken.length === 0) return 'it takes no compressed certificates';
  return ownCompressions().some((name) => taken.includes(numberOf(name))) ? undefined : 'it takes none of the compressions of this Node.js';
}

/** The numbers of the algorithms that the server takes (RFC 8879 3). */
function takenBy(context: FlightContext): readonly number[] {
  const content = requestedExtensions(context)?.get(extensionType.compress_certificate);
  return content ? new ByteCursor(content).vector(1).uint16List() : [];
}

function numberOf(algorithm: Parts['algorithm']): number {
  return compressionNumbers([algorithm])[0] ?? 0;
}

/** Far above what any chain needs, and less than a Certificate message may hold. */
const bombLength = 2 ** 23;
const unassigned = 0xfefe;
