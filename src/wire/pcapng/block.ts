/** A block of a pcapng file, little-endian: type, length, body and options, and the length again (draft-ietf-opsawg-pcapng 3.1). */
export function encodeBlock(type: number, body: Uint8Array, options: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([padded(body), ...options]);
  const length = 12 + content.length;
  const header = Buffer.alloc(8);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, content, header.subarray(4)]);
}

/** An option (3.5). Text is cut to the {@link longestOption} octets that fit, at a character. */
export function encodeOption(code: number, value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? textOf(value) : value;
  const header = Buffer.alloc(4);
  header.writeUInt16LE(code, 0);
  header.writeUInt16LE(bytes.length, 2);
  return Buffer.concat([header, padded(bytes)]);
}

/** What ends a list of options. */
export const endOfOptions: Uint8Array = new Uint8Array(4);

/** Numbers of the options: of any block, of the section header, of the interface description. */
export const optionCode = { comment: 1, application: 4, interfaceName: 2, interfaceDescription: 3, timestampResolution: 9 } as const;

/** Types of blocks. */
export const blockType = { sectionHeader: 0x0a0d0d0a, interfaceDescription: 1, enhancedPacket: 6, decryptionSecrets: 10 } as const;

function textOf(text: string): Uint8Array {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(longestOption));
  return Buffer.from(text.slice(0, read));
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}

const longestOption = 2 ** 16 - 1;
