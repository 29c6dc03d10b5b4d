import type net from 'node:net';
import { monotonicNow } from '../../clock/real-clock.ts';
import { type ConnectionHooks, connectTcp } from '../../net/connect-tcp.ts';
import { negotiateStarttls, type StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';

/** Where to connect to, and how long that may take. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  /** The protocol in which TLS has to be asked for first. */
  readonly starttls?: StarttlsProtocol | undefined;
  /** Milliseconds, for the connection and for asking for TLS together. */
  readonly timeout: number;
  /** Further options of `net.connect`, such as `lookup` and `localAddress`. */
  readonly tcpOptions?: Partial<net.TcpNetConnectOpts> | undefined;
}

/**
 * Opens a connection on which TLS can begin at once. Throws as `connectTcp` does, and `STARTTLS_REFUSED` or `STARTTLS_FAILED`; after STARTTLS the
 * socket is paused.
 */
export async function connectPeer(
  { host, port, starttls, timeout, tcpOptions }: PeerAddress,
  hooks: ConnectionHooks = {},
): Promise<net.Socket> {
  const startedAt = monotonicNow();
  const socket = await connectTcp({ host, port }, { timeout, tcpOptions, ...hooks });
  if (starttls === undefined) return socket;
  const left = Math.max(1, Math.ceil(timeout - (monotonicNow() - startedAt)));
  await negotiateStarttls(socket, { host, port, protocol: starttls, timeout: left });
  return socket;
}
