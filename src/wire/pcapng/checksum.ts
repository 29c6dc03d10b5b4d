/** The Internet checksum of parts of an even length each, but for the last (RFC 1071). */
export function checksumOf(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) part.forEach((octet, index) => (sum += index % 2 === 0 ? octet * 256 : octet));
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
