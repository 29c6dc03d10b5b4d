import { printable } from '../../../errors/printable.ts';
import { memberOf } from './errors-within.ts';

/** What an error of Node's TLS says, with the alert number read from the message: the codes of one alert differ between OpenSSL 3.0 and 3.5, the number does not. */
export interface NodeErrorFacts {
  readonly code: string | undefined;
  /** The number of the alert that the *peer* sent. */
  readonly alertNumber: number | undefined;
  /** `CODE "message"`, for people. */
  readonly text: string;
}

/** Reads an error of node:tls, node:https or node:http2. */
export function describeError(error: unknown): NodeErrorFacts {
  const [code, message] = [memberOf(error, 'code'), memberOf(error, 'message')];
  const words = typeof message === 'string' ? message : asText(error);
  const number = /SSL alert number (\d{1,3})/u.exec(words)?.[1];
  const shortWords = printable(withoutOpensslNoise(words.replaceAll(/\s+/gu, ' ').trim()).slice(0, 160));
  return {
    code: typeof code === 'string' ? code : undefined,
    alertNumber: number === undefined ? undefined : Number(number),
    text: typeof code === 'string' ? `${code} "${shortWords}"` : `"${shortWords}"`,
  };
}

/** Also of what cannot be made into text, an object without prototype for one. */
function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an object';
  }
}

/** The reason within one of OpenSSL's own handshake errors, e.g. `NO_SHARED_CIPHER` of `ERR_SSL_NO_SHARED_CIPHER`. */
export function opensslReason(code: string | undefined): string | undefined {
  return code?.startsWith('ERR_SSL_') === true ? code.slice('ERR_SSL_'.length) : undefined;
}

/** Whether an error is one of the connection, and no judgement on the peer: the system's, or a stream's that ended too early. */
export function isConnectionError(error: unknown): boolean {
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown }; // any thrown value has these or undefined
  if (typeof errno === 'number') return true;
  return typeof code === 'string' && (connectionErrors.has(code) || /^ERR_(?:STREAM|SOCKET)_/u.test(code));
}

/** The system's errors that Node also makes itself, without a number. */
const connectionErrors: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'EPROTO', 'ECONNABORTED', 'ETIMEDOUT']);

/** `<thread>:error:<number>:<library>:<function>:<reason>:<file>:<line>:<data>` as `<reason>, <data>`. */
function withoutOpensslNoise(words: string): string {
  const [, reason, data] = /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):[^:]*:\d+:(.*)$/u.exec(words) ?? [];
  return reason === undefined ? words : [reason, data?.trim()].filter(Boolean).join(', ');
}
