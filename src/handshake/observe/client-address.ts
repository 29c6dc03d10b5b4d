/** How a client is told apart on both ends of a connection; without the IPv6 mapping that a dual-stack server shows for IPv4. */
export function clientAddress(address: string | undefined, port: number | undefined): string {
  return `${(address ?? '').replace(/^::ffff:/u, '')}:${port ?? 0}`;
}
