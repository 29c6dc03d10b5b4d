import net from 'node:net';
import { after, monotonicNow } from '../../clock/real-clock.ts';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
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

/** Called for a connection that is being made. */
export interface ConnectionHooks {
  /** At once, so that the caller can give up. */
  readonly onSocket?: (socket: net.Socket) => void;
  /** In the same turn as the connection, before the peer can have answered. */
  readonly onConnect?: (socket: net.Socket) => void;
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

/** Opens a TCP connection within a bound in milliseconds. Throws `HOST_NOT_FOUND` or `CONNECT_FAILED`: neither says anything about TLS. */
function connectTcp(
  endpoint: { readonly host: string; readonly port: number },
  { timeout, tcpOptions, onSocket, onConnect }: Pick<PeerAddress, 'timeout' | 'tcpOptions'> & ConnectionHooks,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    let lookupFailed = false;
    const lookup = watched(tcpOptions?.lookup, () => {
      lookupFailed = true;
    });
    const socket = openSocket({ noDelay: true, ...tcpOptions, ...(lookup && { lookup }), ...endpoint });
    onSocket?.(socket);
    const fail = (error: MtlsFixturesError): void => {
      cancel();
      socket.destroy();
      reject(error);
    };
    const onError = (cause: NodeJS.ErrnoException): void => {
      fail(connectionError(endpoint, cause, lookupFailed));
    };
    const cancel = after(timeout, () => {
      fail(new MtlsFixturesError('CONNECT_FAILED', { ...endpoint, reason: `no answer within ${timeout} ms` }));
    });
    socket.once('error', onError);
    socket.once('close', cancel); // destroyed by the caller, who gave up
    socket.once('connect', () => {
      cancel();
      socket.off('error', onError);
      onConnect?.(socket);
      resolve(socket);
    });
  });
}

/** Reports a failure of the user's own `lookup`, which may call back before there is a socket to ask, with an error of any kind. */
function watched(lookup: net.LookupFunction | undefined, onFailure: () => void): net.LookupFunction | undefined {
  if (typeof lookup !== 'function') return lookup;
  return (host, options, answer) => {
    lookup(host, options, (error, ...found) => {
      if (error) onFailure();
      answer(error, ...found);
    });
  };
}

/** Values that `net.connect` refuses at once are misuse, such as a `localAddress` that is not an IP address. */
function openSocket(options: net.TcpNetConnectOpts): net.Socket {
  try {
    return net.connect(options);
  } catch (cause) {
    const value = cause instanceof Error ? cause.message : textOf(cause);
    throw new MtlsFixturesError(
      'OPTION_INVALID',
      { option: 'attempt options', value, expected: 'options that net.connect takes' },
      { cause },
    );
  }
}

function connectionError(
  endpoint: { readonly host: string; readonly port: number },
  cause: NodeJS.ErrnoException,
  lookupFailed: boolean,
): MtlsFixturesError {
  const reason = cause.code ?? cause.message;
  return lookupFailed || cause.syscall === 'getaddrinfo'
    ? new MtlsFixturesError('HOST_NOT_FOUND', { host: endpoint.host, reason }, { cause })
    : new MtlsFixturesError('CONNECT_FAILED', { ...endpoint, reason }, { cause });
}
