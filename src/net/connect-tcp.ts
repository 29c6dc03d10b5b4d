import net from 'node:net';
import { after } from '../clock/real-clock.ts';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';

/** How a TCP connection is made. */
export interface TcpConnectionOptions extends ConnectionHooks {
  /** Milliseconds. */
  readonly timeout: number;
  /** Further options of `net.connect`, such as `lookup` and `localAddress`. */
  readonly tcpOptions?: Partial<net.TcpNetConnectOpts> | undefined;
}

/** What is called while a connection is being made. */
export interface ConnectionHooks {
  /** At once, so that the caller can give up. */
  readonly onSocket?: (socket: net.Socket) => void;
  /** In the same turn as the connection, before the peer can have answered. */
  readonly onConnect?: (socket: net.Socket) => void;
}

/** Opens a TCP connection within a bound in milliseconds. Throws `HOST_NOT_FOUND` or `CONNECT_FAILED`: neither says anything about TLS. */
export function connectTcp(
  endpoint: { readonly host: string; readonly port: number },
  { timeout, tcpOptions, onSocket, onConnect }: TcpConnectionOptions,
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
    socket.once('close', cancel); // destroyed by who gave up
    socket.once('connect', () => {
      cancel();
      socket.off('error', onError);
      onConnect?.(socket);
      resolve(socket);
    });
  });
}

/** Notices a failure of the user's own `lookup`, which may call back before there is a socket to ask, with an error of any kind. */
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
    throw invalidOption('attempt options', value, 'options that net.connect takes', { cause });
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
