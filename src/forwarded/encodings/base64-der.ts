import { readDer } from '../../asn1/der-reader.ts';
import { malformed, malformedBy } from '../malformed.ts';

/** One certificate in Base64, as `header` has to hold it. */
export function certificateOfBase64(header: string, text: string): Uint8Array {
  const bytes = bytesOfBase64(header, text);
  try {
    return readDer(bytes, 'certificate').bytes;
  } catch (error) {
    throw malformedBy(header, error);
  }
}

/** Base64 in the standard alphabet (RFC 4648 4), padded, without blanks and without bits that mean nothing: one text for each sequence of bytes. */
export function bytesOfBase64(header: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw malformed(header, 'it is not Base64 (RFC 4648 4), padded and without blanks');
  return new Uint8Array(bytes);
}

/** The Base64 of these bytes, on one line. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
