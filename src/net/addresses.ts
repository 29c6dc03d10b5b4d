import net from 'node:net';

/** The names by which a server on this machine is reached. */
export const namesOfThisMachine = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] } as const;

/** Whether text is an IPv4 or IPv6 address. By the colon first: Node takes milliseconds to compile the pattern of the version that it need not be asked about. */
export function isIpAddress(text: string): boolean {
  return text.includes(':') ? net.isIPv6(text) : net.isIPv4(text);
}

/** Whether an address is one of this machine's own loopback, an IPv4 one in its IPv6 form included. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./u.test(address) || address === '::1';
}

/** The address to connect to. A server that is bound to every address is reached by loopback. */
export function reachableAddress(bound: string): string {
  if (bound === '0.0.0.0') return '127.0.0.1';
  return bound === '::' ? '::1' : bound;
}

/** An address as the host of a URL: IPv6 in brackets (RFC 3986 3.2.2). */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** The host of a URL for clients that verify the name: `localhost` for the two addresses that it resolves to, else the address. */
export function namedUrlHost(address: string): string {
  return address === '127.0.0.1' || address === '::1' ? 'localhost' : urlHost(address);
}

/** The server name to ask for at a host: its own, and `localhost` for an IP address, which is never sent as SNI (RFC 6066 3). */
export function servernameFor(host: string): string {
  return isIpAddress(host) ? 'localhost' : host;
}

/** Options of `tls.connect` that verify a name: an IP address is verified but never sent as SNI (RFC 6066 3). */
export function nameOptions(name: string): { readonly servername: string; readonly host?: string } {
  return isIpAddress(name) ? { host: name, servername: '' } : { servername: name };
}
