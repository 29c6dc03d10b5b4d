/** Where a client's first TLS record begins in what it sends after text in the clear (STARTTLS), or -1: a handshake record with a ClientHello (RFC 8446 5.1). */
export function startOfTls(bytes: Uint8Array): number {
  for (let at = 0; at + helloLength <= bytes.length; at += 1)
    if (bytes[at] === 0x16 && bytes[at + 1] === 3 && (bytes[at + 2] ?? 9) <= 4 && bytes[at + 5] === 1 && bytes[at + 6] === 0) return at;
  return -1;
}

/** The record's header, the message's type and the first octet of its length. */
const helloLength = 7;
