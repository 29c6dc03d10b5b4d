import { memberOf } from './errors-within.ts';

/**
 * What a status of @grpc/grpc-js says of a call whose error reports no refused handshake (measured on 1.14.7). Undefined for errors of other libraries, and for a status that says
 * nothing of its connection.
 */
export function grpcFailure(error: object): string | undefined {
  const [code, details, metadata] = [memberOf(error, 'code'), memberOf(error, 'details'), memberOf(error, 'metadata')];
  if (typeof code !== 'number' || typeof details !== 'string' || typeof memberOf(metadata, 'getMap') !== 'function') return undefined;
  if (details.startsWith('Received HTTP status code ') || isAnswered(metadata))
    return `the server answered with status ${code}: its handshake had completed, and what it reports is not about this connection`;
  return byCode[code]?.(details);
}

/** A status that came from the server has at least the headers of its HTTP response. */
function isAnswered(metadata: unknown): boolean {
  return Object.keys((metadata as { getMap(): object }).getMap()).length > 0; // checked by the caller
}

const cut = 'the connection was cut without an alert, which does not say by which end or why';

/** By the numbers of grpc/grpc, doc/statuscodes.md: those that the client itself makes of its connection. */
const byCode: Readonly<Record<number, ((details: string) => string | undefined) | undefined>> = {
  // CANCELLED
  1: () => 'the call was canceled by its own side',
  // DEADLINE_EXCEEDED
  4: (details) =>
    details.includes('Waiting for LB pick')
      ? 'the call timed out while its channel had no connection, and grpc-js does not say why it had none: call without waitForReady and with a later deadline'
      : 'the call timed out, which is not a refusal',
  // INTERNAL
  13: (details) =>
    details.startsWith('Received RST_STREAM') ? 'the stream was reset on a connection whose handshake had completed' : undefined,
  // UNAVAILABLE
  14: unavailable,
};

function unavailable(details: string): string | undefined {
  if (/\bE(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|ADDRNOTAVAIL)\b|^Name resolution failed|\bENOENT\b/u.test(details))
    return 'no connection was made: check the host and the port, and that the server runs';
  if (/\bLast error: (?:Error: )?Protocol error\b|WRONG_VERSION_NUMBER|wrong version number/u.test(details))
    return 'the two ends do not speak the same protocol: check the port, and that the server speaks HTTP/2 over TLS';
  return cuts.test(details) ? cut : undefined;
}

const cuts = /\bLast error: Failed to connect\b|Client network socket disconnected|^Connection dropped$|\bECONNRESET\b|\bsocket hang up\b/u;
