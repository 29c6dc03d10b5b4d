import { verdictSentence } from './explain.ts';
import { reasonInWords } from './hidden-reason.ts';
import { describeError, opensslReason } from './node-error.ts';
import { recentHandshake } from './recent-handshakes.ts';
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
 * Finds the handshake failure in an error of any client library: the error itself, its `cause`s, and the members of an
 * `AggregateError`. Undefined when none of them speaks of the handshake: a refused connection or a bare `ECONNRESET` proves nothing.
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
  const { code, alertNumber, text } = describeError(error);
  const observed = observedFailure(error, text);
  if (observed) return observed;
  if (alertNumber !== undefined) return { by: 'server', alert: alertName(alertNumber), text };
  const hidden = 'message' in error && typeof error.message === 'string' ? reasonInWords(code, error.message) : undefined;
  const reason = hidden ?? opensslReason(code) ?? (code !== undefined && isVerifyCode(code) ? code : undefined);
  return reason === undefined ? undefined : { by: 'client', reason, text };
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
  if ('errors' in error && Array.isArray(error.errors)) for (const member of error.errors) yield* withCauses(member, seen);
}

/** Codes that Node gives a client's own refusal: the verify codes of OpenSSL that it names, and its JavaScript host-name check. */
function isVerifyCode(code: string): boolean {
  return verifyCodes.has(code) || code.startsWith('ERR_TLS_CERT_');
}

/** Node's X509 verify names (src/crypto/crypto_common.cc), `UNSPECIFIED` for the rest, whose names are in the words. */
const verifyCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'UNSPECIFIED',
]);
