import net from 'node:net';
import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';

/**
 * Opens a TCP connection within a bound in milliseconds. Throws `HOST_NOT_FOUND` or `CONNECT_FAILED`: neither says anything about TLS.
 * `onConnect` runs in the same turn as the connection, before the peer can have answered.
 */
export function connectTcp(
  endpoint: { readonly host: string; readonly port: number },
  timeout: number,
  onConnect: (socket: net.Socket) => void,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ ...endpoint, noDelay: true });
    const fail = (error: MtlsFixturesError): void => {
      cancel();
      socket.destroy();
      reject(error);
    };
    const onError = (cause: NodeJS.ErrnoException): void => {
      fail(connectionError(endpoint, cause));
    };
    const cancel = after(timeout, () => {
      fail(new MtlsFixturesError('CONNECT_FAILED', { ...endpoint, reason: `no answer within ${timeout} ms` }));
    });
    socket.once('error', onError);
    socket.once('connect', () => {
      cancel();
      socket.off('error', onError);
      onConnect(socket);
      resolve(socket);
    });
  });
}

function connectionError(endpoint: { readonly host: string; readonly port: number }, cause: NodeJS.ErrnoException): MtlsFixturesError {
  const reason = cause.code ?? cause.message;
  return cause.syscall === 'getaddrinfo'
    ? new MtlsFixturesError('HOST_NOT_FOUND', { host: endpoint.host, reason }, { cause })
    : new MtlsFixturesError('CONNECT_FAILED', { ...endpoint, reason }, { cause });
}
