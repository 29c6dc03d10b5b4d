import zlib from 'node:zlib';
import { change } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../../wire/engine/flight.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import type { FlightPlans } from './flight-plan.ts';
import { offeredTo } from './offered.ts';

/** Faults of a compressed Certificate (RFC 8879). The last two need a client that takes one. */
export const compressedCertificatePlans = {
  'compressed-certificate-not-offered': {
    'TLSv1.3': {
      appliesTo: (context) => algorithmsFor(context, false).length > 0,
      edits: { server: compressed({ offered: false, lengthOf: (body) => body.length }) },
    },
  },
  'compressed-certificate-wrong-length': {
    'TLSv1.3': {
      appliesTo: (context) => algorithmsFor(context, true).length > 0,
      edits: { server: compressed({ offered: true, lengthOf: (body) => body.length + 1 }) },
    },
  },
  'compressed-certificate-too-large': {
    'TLSv1.3': {
      appliesTo: (context) => algorithmsFor(context, true).length > 0,
      edits: {
        server: compressed({
          offered: true,
          lengthOf: (body) => body.length,
          content: (body) => Buffer.concat([body, Buffer.alloc(bombLength)]),
        }),
      },
    },
  },
} as const satisfies Partial<FlightPlans>;

/** What is said of the Certificate message, and what is compressed in its place. */
interface Compression {
  readonly offered: boolean;
  readonly lengthOf: (body: Buffer) => number;
  readonly content?: (body: Buffer) => Buffer;
}

/** Sends the Certificate as a CompressedCertificate, by an algorithm that the client has offered or by one that it has not. */
function compressed({ offered, lengthOf, content = (body) => body }: Compression): FlightEdit {
  return change('certificate', ({ body: bodyOf }) => ({
    name: 'compressed_certificate',
    body: (context) => {
      const body = Buffer.from(bodyOf(context));
      const [algorithm = zlibNumber] = algorithmsFor(context, offered);
      const compress = algorithm === zlibNumber ? zlib.deflateSync : zlib.brotliCompressSync;
      return Buffer.concat([encodeUint(2, algorithm), encodeUint(3, lengthOf(body)), encodeVector(3, compress(content(body)))]);
    },
  }));
}

function algorithmsFor(context: FlightContext, offered: boolean): readonly number[] {
  const taken = offeredTo(context).compression ?? [];
  return [zlibNumber, brotliNumber].filter((algorithm) => taken.includes(algorithm) === offered);
}

/** RFC 8879 3. */
const zlibNumber = 1;
const brotliNumber = 2;
/** Far above what any chain needs, and less than a Certificate message may hold. */
const bombLength = 2 ** 23;
