import { verdictSentence } from './explain.ts';
import { grpcConnectionError } from './grpc-error.ts';
import { describeError, opensslReason } from './node-error.ts';
import { recentHandshake } from './recent-handshakes.ts';
import { isVerifyCode, reasonInWords, verifyCodeOf } from './verdict/reasons.ts';
import { alertName } from '../wire/alerts.ts';

/** What a client library's error says about a failed handshake. */
export interface HandshakeFailure {
  /** The end that refused, as the error tells: an alert came from the server, a verify code from the client itself. */
  readonly by: 'client' | 'server';
  /** The client's own reason: a verify code such as `CERT_HAS_EXPIRED`, or OpenSSL's handshake reason. */
  readonly reason?: string;
  /** The registered name of the alert that the server sent. */
  readonly alert?: string;
  /** The error that said so. */
  readonly text: string;
}

/**
 * Finds the handshake failure in an error of any client library: the error itself, its `cause`s and `originalError`s, and the members
 * of an `AggregateError`. Undefined when none of them speaks of the handshake: a refused connection or a bare `ECONNRESET` proves
 * nothing, and what the peer's application answered is no handshake, whatever its words tell.
 */
export function handshakeFailure(error: unknown): HandshakeFailure | undefined {
  for (const candidate of withCauses(error)) {
    const failure = ownFailure(candidate);
    if (failure) return failure;
  }
  return undefined;
}

/** The error and all errors underneath it, each once, as `CODE "message"`. */
export function describeErrors(error: unknown): string {
  return [...withCauses(error)].map((candidate) => describeError(candidate).text).join(' <- ');
}

function ownFailure(error: object): HandshakeFailure | undefined {
  const { text } = describeError(error);
  const observed = observedFailure(error, text);
  if (observed) return observed;
  const own = grpcConnectionError(error) ?? (isAnswer(error) ? undefined : nodeErrorOf(error));
  if (!own) return undefined;
  const { code, message } = own;
  const alertNumber = alertHeard(own);
  if (alertNumber !== undefined) return { by: 'server', alert: alertName(alertNumber), text };
  const reason = reasonInWords(code, message) ?? opensslReason(code) ?? (code !== undefined && isVerifyCode(code) ? code : undefined);
  return reason === undefined ? undefined : { by: 'client', reason, text };
}

interface NodeError {
  readonly code: string | undefined;
  readonly message: string;
}

/** What the error tells in the way of Node's errors; nodemailer puts a code of its own over Node's, which it keeps as `originalCode`. */
function nodeErrorOf(error: object): NodeError {
  const { code, originalCode, message } = error as { readonly code?: unknown; readonly originalCode?: unknown; readonly message?: unknown }; // any object has these or undefined
  const words = typeof message === 'string' ? message : '';
  const own = [originalCode, code].find((value) => typeof value === 'string');
  return { code: own === mysql2Code ? (verifyCodeOf(words) ?? own) : own, message: words };
}

/** The number of the alert in an error of Node's, or in one that says nothing but OpenSSL's line: other words may quote what the peer tells. */
function alertHeard({ code, message }: NodeError): number | undefined {
  const isNodes = code !== undefined && (code.startsWith('ERR_SSL_') || code === 'EPROTO' || code === 'ERR_HTTP2_STREAM_CANCEL');
  const words = isNodes ? message : opensslLine.exec(message)?.[0];
  return words === undefined ? undefined : describeError({ message: words }).alertNumber;
}

/**
 * Whether the peer's application answered: an HTTP response, an SMTP reply, a status by number (Node's codes are words). Then its
 * handshake was complete, and an alert in the words is that of some other connection, of which the peer tells.
 */
function isAnswer(error: object): boolean {
  const { code, response } = error as { readonly code?: unknown; readonly response?: unknown }; // any object has these or undefined
  return typeof code === 'number' || (response !== undefined && response !== null);
}

/**
 * undici says "other side closed" even where an alert arrived (measured: its `end` comes right after `error` and wins), but tells the
 * connection's ports: an observed server of this process knows what that very connection came to.
 */
function observedFailure(error: object, text: string): HandshakeFailure | undefined {
  if (!('socket' in error) || typeof error.socket !== 'object' || error.socket === null) return undefined;
  const { localPort, remotePort } = error.socket as { readonly localPort?: unknown; readonly remotePort?: unknown }; // any object reads undefined where these are missing
  if (typeof localPort !== 'number' || typeof remotePort !== 'number') return undefined;
  const handshake = recentHandshake({ localPort, remotePort });
  if (handshake?.verdict !== 'rejected' || handshake.rejectedBy === undefined) return undefined;
  const { rejectedBy, reason, alert } = handshake;
  return {
    by: rejectedBy,
    ...(reason !== undefined && { reason }),
    ...(alert && { alert: alert.name }),
    text: `${text}; the observed server: ${verdictSentence(handshake)}`,
  };
}

function* withCauses(error: unknown, seen: Set<unknown> = new Set()): Generator<object> {
  if (typeof error !== 'object' || error === null || seen.has(error)) return;
  seen.add(error);
  yield error;
  if ('cause' in error) yield* withCauses(error.cause, seen);
  if ('originalError' in error) yield* withCauses(error.originalError, seen);
  if ('errors' in error && Array.isArray(error.errors)) for (const member of error.errors) yield* withCauses(member, seen);
}

/** `<thread>:error:<number>:SSL routines:<function>:<reason>:<file>:<line>:SSL alert number <n>`, or the end of it, as a line of its own. */
const opensslLine = /^(?:\w+ EPROTO )?(?:[0-9A-F]+:error:.*|[\w/. ]*:)?SSL alert number \d{1,3}\s*$/mu;

/** mysql2 puts it over whatever goes wrong in TLS, and keeps Node's words. */
const mysql2Code = 'HANDSHAKE_SSL_ERROR';
