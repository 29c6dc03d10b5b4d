import { malformed } from '../malformed.ts';
import { base64, certificateOfBase64 } from './base64-der.ts';

/** A Byte Sequence of structured fields (RFC 8941 4.1.8): Base64 between colons. */
export function byteSequence(bytes: Uint8Array): string {
  return `:${base64(bytes)}:`;
}

/** The certificate in a Byte Sequence (RFC 8941 4.2.7). Parameters are legal and mean nothing here; an empty one is not a certificate. */
export function certificateOfByteSequence(header: string, text: string): Uint8Array {
  const [, encoded] = /^ *:(?<encoded>[^:]*):(?:;[ ]*[*a-z][-*.\w]*(?:=[^;,"]*|="[^"\\]*")?)* *$/u.exec(text) ?? [];
  if (encoded === undefined) throw malformed(header, 'it is not one Byte Sequence (RFC 8941 3.3.5), Base64 between colons');
  if (encoded === '') throw malformed(header, 'its Byte Sequence is empty');
  return certificateOfBase64(header, encoded);
}
