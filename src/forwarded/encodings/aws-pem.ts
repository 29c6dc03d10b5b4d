import { certificatesOfPercentEncodedPem } from './percent-encoded-pem.ts';

/** "with +=/ as safe characters" (AWS documentation, "Mutual authentication with TLS in Application Load Balancer"); the others are those of RFC 3986 2.3. */
export const awsUnescaped = String.raw`A-Za-z0-9\-._~+=\/`;

/** Certificates as a load balancer writes them. The documentation says that `=` is left as it is, and its examples have `%3D`: both are read. */
export function certificatesOfAws(header: string, text: string): Uint8Array[] {
  return certificatesOfPercentEncodedPem(header, text.replaceAll(/%3D/giu, '='), awsUnescaped);
}
