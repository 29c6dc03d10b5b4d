import { errorsWithin, memberOf } from './errors-within.ts';
import { grpcFailure } from './grpc-status.ts';
import { describeError, opensslReason } from './node-error.ts';
import { kindOfReason, reasonInLine } from './openssl-reason.ts';

/** What happened to a call whose error reports no refused handshake, and what to check; undefined where the error does not say. */
export function otherFailure(error: unknown): string | undefined {
  for (const candidate of errorsWithin(error)) {
    const what = ownFailure(candidate);
    if (what !== undefined) return what;
  }
  return undefined;
}

/** The name of OpenSSL's reason in an error, or in one within it, whatever it says about the handshake: `WRONG_VERSION_NUMBER`. */
export function engineReason(error: unknown): string | undefined {
  return errorsWithin(error)
    .map((candidate) => reasonOf(candidate))
    .find((reason) => reason !== undefined);
}

function reasonOf(error: object): string | undefined {
  const message = memberOf(error, 'message');
  return opensslReason(describeError(error).code) ?? reasonInLine(typeof message === 'string' ? message : '');
}

function ownFailure(error: object): string | undefined {
  const grpc = grpcFailure(error);
  if (grpc !== undefined) return grpc;
  const { code = '', text } = describeError(error);
  const name = memberOf(error, 'name');
  if (name === 'AbortError' || code === 'ABORT_ERR' || name === 'RequestAbortedError') return 'the call was aborted by its own side';
  if (name === 'TimeoutError' || timeouts.has(code)) return 'the call timed out, which is not a refusal';
  if (unreachable.has(code) || code === 'ENOENT') return 'no connection was made: check the host and the port, and that the server runs';
  const reason = reasonOf(error);
  if (code.startsWith('HPE_') || (reason !== undefined && kindOfReason(reason) === 'not-tls'))
    return `the two ends do not speak the same protocol (${code === '' ? text : code}), one of them not TLS: check the port, the scheme, and whether TLS has to be asked for first (STARTTLS)`;
  if (cuts.has(code) || reason === 'UNEXPECTED_EOF_WHILE_READING')
    return 'the connection was cut without an alert, which does not say by which end or why';
  if (ownSettings.test(code) || reason !== undefined)
    return "the TLS engine refused the call's own settings, or failed by itself, before one end had judged the other";
  return undefined;
}

const timeouts: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
/** Codes of errors that say that nothing was connected to; `CONNECT_FAILED` and `HOST_NOT_FOUND` are this library's own. */
export const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'CONNECT_FAILED',
  'HOST_NOT_FOUND',
]);
const cuts: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);
/** Of createSecureContext and tls.connect, before anything is sent. */
const ownSettings = /^ERR_(?:OSSL_|CRYPTO_|INVALID_|TLS_(?!CERT_))/u;
