import { ByteCursor } from '../../byte-cursor.ts';
import type { CertificateMessage } from '../decoded-message.ts';
import { compressionName, inflateCertificate } from './inflate-certificate.ts';
import type { MessageBody } from './message-body.ts';
import { readCertificate } from './read-certificate.ts';

/** Reads a CompressedCertificate (RFC 8879 4) as the Certificate that it holds; undefined where it is malformed, text where it cannot be inflated. */
export function readCompressedCertificate(body: MessageBody): CertificateMessage | string | undefined {
  const { cursor, inflation, notes } = body;
  const number = cursor.uint(2);
  const length = cursor.uint(3);
  const compressed = cursor.take(cursor.uint(3));
  if (cursor.truncated || compressed.length === 0) return undefined;
  const compression = compressionName(number);
  if (compression === undefined) return `its compression algorithm, number ${number}, is unknown`;
  const inflated = inflateCertificate(compressed, { algorithm: compression, length, budget: inflation });
  if (typeof inflated === 'string') return inflated;

  const within = new ByteCursor(inflated);
  const certificate = readCertificate({ ...body, cursor: within });
  if (!certificate || within.truncated) return 'malformed, once inflated';
  if (within.remaining > 0) notes.push(`${within.remaining} octets follow its certificates`);
  return { ...certificate, compression };
}
