import { invalidOption } from '../../errors/index.ts';
import { ipToOctets } from '../../x509/names/ip-address.ts';

/** One end of a connection. */
export interface PcapngAddress {
  /** IPv4 or IPv6; the same version at both ends. */
  readonly address?: string;
  readonly port?: number;
}

/** Both ends with their octets. */
export interface ConnectionAddresses {
  readonly client: EndAddress;
  readonly server: EndAddress;
}

/** One end: 4 or 16 octets, and a port. */
export interface EndAddress {
  readonly octets: Uint8Array;
  readonly port: number;
}

/** Checks and completes the addresses; an end without one is at the other's version's loopback. Throws `OPTION_INVALID`. */
export function connectionAddresses({ client = {}, server = {} }: { client?: PcapngAddress; server?: PcapngAddress }): ConnectionAddresses {
  const isIpv6 = (client.address ?? server.address ?? '').includes(':');
  const loopback = isIpv6 ? '::1' : '127.0.0.1';
  const ends = {
    client: endAddress('client', { address: loopback, port: firstEphemeralPort, ...client }),
    server: endAddress('server', { address: loopback, port: httpsPort, ...server }),
  };
  if (ends.client.octets.length !== ends.server.octets.length)
    throw invalidOption('server.address', server.address, "an address of the same IP version as the client's");
  return ends;
}

function endAddress(end: string, { address, port }: Required<PcapngAddress>): EndAddress {
  const octets = typeof address === 'string' ? ipToOctets(address) : undefined;
  if (!octets) throw invalidOption(`${end}.address`, address, 'an IP address');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidOption(`${end}.port`, port, 'an integer from 1 to 65535');
  return { octets, port };
}

/** Of those for connecting (RFC 6335 6). */
const firstEphemeralPort = 49_152;
const httpsPort = 443;
