import type zlib from 'node:zlib';

/** The compression algorithms of certificates (RFC 8879 7.3). */
export type CertificateCompression = 'zlib' | 'brotli' | 'zstd';

/** How many octets of certificates may still be inflated: a few kilobytes can hold gigabytes. Shared by all messages of a connection. */
export interface InflationBudget {
  left: number;
}

/** A fresh budget: what the largest Certificate message can hold (its length has 24 bits). */
export function inflationBudget(): InflationBudget {
  return { left: largestMessage };
}

/** The registry's name of an algorithm; undefined for those that are unknown. */
export function compressionName(algorithm: number): CertificateCompression | undefined {
  return names.get(algorithm);
}

/**
 * Inflates a Certificate message that takes `length` octets, as its sender says (RFC 8879 4); text says why that cannot be done. What
 * is said is taken off the budget before, and no more than that is ever inflated.
 */
export function inflateCertificate(
  compressed: Uint8Array,
  { algorithm, length, budget }: { readonly algorithm: CertificateCompression; readonly length: number; readonly budget: InflationBudget },
): Buffer | string {
  if (length > budget.left) return `the certificates of this connection take more than ${largestMessage} octets`;
  const inflate = inflaterOf(algorithm);
  if (!inflate) return `this version of Node.js cannot inflate ${algorithm}`;
  budget.left -= length;
  try {
    const message = inflate(compressed, Math.max(length, 1));
    return message.length === length ? message : `it holds ${message.length} octets in place of the ${length} that it announces`;
  } catch (error) {
    const isLonger = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isLonger ? `it holds more than the ${length} octets that it announces` : `it is not ${algorithm} data`;
  }
}

type Inflater = (compressed: Uint8Array, maxOutputLength: number) => Buffer;

function inflaterOf(algorithm: CertificateCompression): Inflater | undefined {
  // Few connections need it: to import it would cost every start.
  const { inflateSync, brotliDecompressSync, zstdDecompressSync, constants }: Partial<typeof zlib> & Pick<typeof zlib, 'constants'> =
    process.getBuiltinModule('node:zlib');
  if (algorithm === 'zlib') return inflateSync && ((bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }));
  if (algorithm === 'brotli') return brotliDecompressSync && ((bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }));
  const params = { [constants.ZSTD_d_windowLogMax]: largestWindowLog };
  return zstdDecompressSync && ((bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength, params })); // Node 22.15 and later
}

const largestMessage = 2 ** 24;
/** The memory that a frame of Zstandard may ask for, as a power of two: no message is larger. */
const largestWindowLog = 24;

const names: ReadonlyMap<number, CertificateCompression> = new Map([
  [1, 'zlib'],
  [2, 'brotli'],
  [3, 'zstd'],
]);
