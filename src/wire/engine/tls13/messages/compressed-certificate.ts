import zlib from 'node:zlib';
import { ByteCursor } from '../../../byte-cursor.ts';
import {
  type CertificateCompression,
  compressionName,
  inflateCertificate,
  inflationBudget,
} from '../../../decode/messages/inflate-certificate.ts';
import { encodeUint, encodeVector } from '../../../tls-encoding.ts';
import type { Incoming } from '../../channel/incoming.ts';
import type { PeerState } from '../../peer-state.ts';
import { requireWhole } from './extensions.ts';

/** The numbers of compression algorithms (RFC 8879 7.3). */
export function compressionNumbers(algorithms: readonly CertificateCompression[]): number[] {
  return algorithms.map((algorithm) => numbers[algorithm]);
}

/** The algorithms that this Node.js has, in the order of preference. */
export function ownCompressions(): readonly CertificateCompression[] {
  return 'zstdCompressSync' in zlib ? ['zlib', 'brotli', 'zstd'] : ['zlib', 'brotli']; // Node 22.15 and later
}

/** The body of a CompressedCertificate that holds this body of a Certificate (RFC 8879 4). */
export function compressCertificate(body: Uint8Array, algorithm: CertificateCompression): Buffer {
  return Buffer.concat([encodeUint(2, numbers[algorithm]), encodeUint(3, body.length), encodeVector(3, deflate[algorithm](body))]);
}

/** The body of the Certificate that a CompressedCertificate holds; what is announced bounds what is inflated. */
export function inflateMessage(state: PeerState, { body }: Incoming): Buffer {
  const { channel, options } = state;
  const cursor = new ByteCursor(body);
  const algorithm = compressionName(cursor.uint(2));
  const length = cursor.uint(3);
  const compressed = cursor.take(cursor.uint(3));
  requireWhole(state, cursor, 'CompressedCertificate');
  if (!algorithm) return channel.fail('a certificate came compressed by an algorithm that is not known', 'illegal_parameter');
  const isOffered = options.certificateCompression?.includes(algorithm) === true;
  channel.require(
    'compression-offered',
    isOffered,
    `a certificate came compressed by ${algorithm}, which was not offered`,
    'illegal_parameter',
  );
  const inflated = state.skips('compressed-length')
    ? inflatedInWhole(compressed, algorithm)
    : inflateCertificate(compressed, { algorithm, length, budget: { left: Math.min(largest, inflationBudget().left) } });
  if (typeof inflated !== 'string') return inflated;
  channel.require('compressed-data', false, `CompressedCertificate cannot be inflated: ${inflated}`, 'bad_certificate');
  return noCertificates;
}

/** Whatever length was announced. */
function inflatedInWhole(compressed: Uint8Array, algorithm: CertificateCompression): Buffer | string {
  try {
    return inflate[algorithm](compressed);
  } catch {
    return `it is not ${algorithm} data`;
  }
}

const numbers: Readonly<Record<CertificateCompression, number>> = { zlib: 1, brotli: 2, zstd: 3 };

const deflate: Readonly<Record<CertificateCompression, (bytes: Uint8Array) => Buffer>> = {
  zlib: (bytes) => zlib.deflateSync(bytes),
  brotli: (bytes) => zlib.brotliCompressSync(bytes),
  zstd: (bytes) => zlib.zstdCompressSync(bytes), // Node 22.15 and later
};

const inflate: Readonly<Record<CertificateCompression, (bytes: Uint8Array) => Buffer>> = {
  zlib: (bytes) => zlib.inflateSync(bytes),
  brotli: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes), // Node 22.15 and later
};

/** The body of a Certificate without a context and without certificates. */
const noCertificates = Buffer.alloc(4);
/** As for a message that is not compressed. */
const largest = 2 ** 18;
