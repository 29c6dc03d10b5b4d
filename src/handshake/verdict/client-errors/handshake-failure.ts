import { errorsWithin, memberOf } from './errors-within.ts';
import { verdictSentence } from '../verdict-sentence.ts';
import { grpcConnectionError } from './grpc-error.ts';
import type { Handshake } from '../handshake.ts';
import { describeError, opensslReason } from './node-error.ts';
import { alertInReason, kindOfReason, reasonInLine } from './openssl-reason.ts';
import { recentHandshake } from './recent-handshakes.ts';
import { isVerifyCode, reasonInWords, verifyCodeOf } from '../reasons/reasons.ts';
import { alertName } from '../../../wire/records/alerts.ts';

/** What a client library's error says about a failed handshake. */
export interface HandshakeFailure {
  /** The end that refused, by what the error says: an alert came from the server, a verify code from the client itself. */
  readonly by: 'client' | 'server';
  /** The client's own reason: a verify code such as `CERT_HAS_EXPIRED`, or OpenSSL's handshake reason. */
  readonly reason?: string;
  /** The registered name of the alert that the server sent. */
  readonly alert?: string;
  /** The error that said so. */
  readonly text: string;
}

/**
 * Finds the refusal of a handshake in an error of any client library: in the error itself and in those within it (`errorsWithin`). It counts an alert that
 * arrived, and what the client judged of the server. Undefined when none of them reports one: a refused connection, a bare `ECONNRESET`, a peer that does not
 * speak TLS, settings of the client's own that the engine refuses, an abort; and what the peer's application answered is not a handshake, whatever its words say.
 */
export function handshakeFailure(error: unknown): HandshakeFailure | undefined {
  for (const candidate of errorsWithin(error)) {
    const failure = ownFailure(candidate);
    if (failure) return failure;
  }
  return undefined;
}

/** The error and all errors underneath it, each once, as `CODE "message"`. */
export function describeErrors(error: unknown): string {
  const errors = errorsWithin(error);
  const texts = new Set((errors.length === 0 ? [error] : errors).map((candidate) => describeError(candidate).text));
  const shown = [...texts].slice(0, mostShown).join(' <- ');
  return texts.size > mostShown ? `${shown} <- ${texts.size - mostShown} more` : shown;
}

/** What the observed server of this process knows of the connection that an error is about, where the error has its ports. */
export function observedHandshake(error: unknown): Handshake | undefined {
  return errorsWithin(error)
    .map((candidate) => recordOf(candidate))
    .find((handshake) => handshake !== undefined);
}

function ownFailure(error: object): HandshakeFailure | undefined {
  const { text } = describeError(error);
  const observed = observedFailure(error, text);
  if (observed) return observed;
  const own = grpcConnectionError(error) ?? (isAnswer(error) ? undefined : nodeErrorOf(error));
  if (!own) return undefined;
  const { code, message } = own;
  const alert = alertReceived(own);
  if (alert !== undefined) return { by: 'server', alert, text };
  const reason = reasonInWords(code, message) ?? judgementIn(own) ?? (code !== undefined && isVerifyCode(code) ? code : undefined);
  return reason === undefined ? undefined : { by: 'client', reason, text };
}

/** The client's own judgement of the server's messages, by Node's code or in OpenSSL's line. */
function judgementIn({ code, message }: NodeError): string | undefined {
  const reason =
    opensslReason(code) ?? (code === undefined || code === 'EPROTO' ? reasonInLine(opensslError.exec(message)?.[0] ?? '') : undefined);
  return reason !== undefined && kindOfReason(reason) === 'judgement' ? reason : undefined;
}

interface NodeError {
  readonly code: string | undefined;
  readonly message: string;
}

/** What the error says in the way of Node's errors; nodemailer puts a code of its own over Node's, which it keeps as `originalCode`. */
function nodeErrorOf(error: object): NodeError {
  const message = memberOf(error, 'message');
  const words = typeof message === 'string' ? message : '';
  const own = [memberOf(error, 'originalCode'), memberOf(error, 'code')].find((value) => typeof value === 'string');
  const isWithoutCode = own === mysql2Code || (own === undefined && memberOf(error, 'name') === elasticName);
  return { code: isWithoutCode ? (codeOfWords(words) ?? own) : own, message: words };
}

/** The code that Node gave an error of which a library has kept the words alone. */
function codeOfWords(words: string): string | undefined {
  if (words.startsWith("Hostname/IP does not match certificate's altnames: ")) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  return verifyCodeOf(words) ?? (reasonInWords(unnamed, words) === undefined ? undefined : unnamed);
}

/** The alert in an error of Node's, or in one that says nothing but OpenSSL's line: other words may quote what the peer reports. */
function alertReceived({ code, message }: NodeError): string | undefined {
  const isNodes = code !== undefined && (code.startsWith('ERR_SSL_') || code === 'EPROTO' || code === 'ERR_HTTP2_STREAM_CANCEL');
  const words = isNodes ? message : opensslLine.exec(message)?.[0];
  const number = words === undefined ? undefined : describeError({ message: words }).alertNumber;
  return number === undefined ? alertInReason(opensslReason(code) ?? '') : alertName(number);
}

/**
 * Whether the peer's application answered: an HTTP response, an SMTP reply, a status by number (Node's codes are words). Then its
 * handshake was complete, and an alert in the words is that of some other connection, which the peer reports.
 */
function isAnswer(error: object): boolean {
  const response = memberOf(error, 'response');
  return typeof memberOf(error, 'code') === 'number' || (response !== undefined && response !== null);
}

/**
 * undici says "other side closed" even where an alert arrived (measured: its `end` comes right after `error` and wins), but has the
 * connection's ports: an observed server of this process knows what that very connection came to. A client that left without a reason, and one that
 * sent something else than TLS, were not refused.
 */
function observedFailure(error: object, text: string): HandshakeFailure | undefined {
  const handshake = recordOf(error);
  if (handshake?.verdict !== 'rejected' || handshake.rejectedBy === undefined) return undefined;
  const { rejectedBy, reason, alert } = handshake;
  if (reason === undefined ? !alert : kindOfReason(reason) === 'not-tls') return undefined;
  return {
    by: rejectedBy,
    ...(reason !== undefined && { reason }),
    ...(alert && { alert: alert.name }),
    text: `${text}; the observed server: ${verdictSentence(handshake)}`,
  };
}

function recordOf(error: object): Handshake | undefined {
  const socket = memberOf(error, 'socket');
  const [, local, remote] = elasticPorts.exec(String(memberOf(error, 'name') === elasticName ? memberOf(error, 'message') : '')) ?? [];
  const localPort = memberOf(socket, 'localPort') ?? Number(local);
  const remotePort = memberOf(socket, 'remotePort') ?? Number(remote);
  return typeof localPort === 'number' && typeof remotePort === 'number' ? recentHandshake({ localPort, remotePort }) : undefined;
}

/** `<thread>:error:<number>:SSL routines:<function>:<reason>:<file>:<line>:SSL alert number <n>`, or the end of it, as a line of its own. */
const opensslLine = /^(?:\w+ EPROTO )?(?:[0-9A-F]+:error:.*|[\w/. ]*:)?SSL alert number \d{1,3}\s*$/mu;

/** mysql2 puts it over whatever goes wrong in TLS, and keeps Node's words. */
const mysql2Code = 'HANDSHAKE_SSL_ERROR';

/** A line of OpenSSL's error queue, alone or behind Node's `write EPROTO`. */
const opensslError = /^(?:\w+ EPROTO )?[0-9A-F]+:error:[0-9A-F]+:SSL routines:[^\n]*/u;

/** The connection errors of @elastic/transport keep neither Node's error nor its code: its words, and of a connection that was cut the ports (measured on 9.5.1). */
const elasticName = 'ConnectionError';
const elasticPorts = / - Local: \S+:(\d+), Remote: \S+:(\d+)$/u;

/** What Node calls a verify code that it has no name for. */
const unnamed = 'UNSPECIFIED';
const mostShown = 12;
