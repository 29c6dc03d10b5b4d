import net from 'node:net';

/** The octets of an IP address: 4 or 16; undefined for text that is not an address. */
export function ipToOctets(text: string): Uint8Array | undefined {
  if (net.isIPv4(text)) return Uint8Array.from(text.split('.').map(Number));
  if (!isIPv6(text)) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/u.exec(text);
  const plain = dotted ? `${dotted[1]}${dottedToHex(dotted[2] ?? '')}` : text;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return Uint8Array.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

/** The usual text of 4 or 16 octets (RFC 5952); hexadecimal for any other number of octets, which no address has. */
export function octetsToIp(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return `0x${Buffer.from(octets).toString('hex')}`;
  const groups = Array.from({ length: 8 }, (_unused, index) =>
    (((octets[index * 2] ?? 0) << 8) | (octets[index * 2 + 1] ?? 0)).toString(16),
  );
  const text = groups.join(':');
  const [longest] = [...text.matchAll(/\b0(?::0\b)+/gu)].toSorted(([a], [b]) => b.length - a.length);
  if (!longest) return text;
  return `${text.slice(0, longest.index).replace(/:$/u, '')}::${text.slice(longest.index + longest[0].length).replace(/^:/u, '')}`;
}

/** Asked of the system: the pattern behind `net.isIPv6` takes 4 ms to be compiled (Node 26.10), which every process that mints would wait for. No zone, which no certificate has. */
function isIPv6(text: string): boolean {
  if (!/^[0-9a-f.]*:[0-9a-f.:]*$/iu.test(text)) return false;
  try {
    return new net.SocketAddress({ address: text, family: 'ipv6' }).family === 'ipv6';
  } catch {
    return false;
  }
}

function dottedToHex(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
