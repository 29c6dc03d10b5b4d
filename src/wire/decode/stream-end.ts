import type { Side } from '../tap/capture.ts';
import type { DecodedMessage, EndOfStreamMessage } from './decoded-message.ts';

/** How one side's TCP stream came to its end. */
export interface StreamEnd {
  readonly sentBy: Side;
  /** A FIN or an RST. */
  readonly how: 'end' | 'reset';
  /** Milliseconds since the connection was seen; after everything else where it is not known. */
  readonly atMs?: number;
}

/** What went before a side's end of stream: its own last words, or the other's error. */
export function closureOf(messages: readonly DecodedMessage[], { sentBy, atMs = Infinity }: StreamEnd): EndOfStreamMessage['after'] {
  const said = messages.filter(({ type }) => type !== 'end_of_stream');
  const own = said.findLast((message) => message.sentBy === sentBy);
  const others = said.findLast((message) => message.sentBy !== sentBy && message.atMs <= atMs);
  if (own?.type === 'alert' && own.name === 'close_notify') return 'close_notify';
  if (isError(own) || isError(others)) return 'alert';
  return isClosed(own) || isClosed(others) ? 'unknown' : 'truncated';
}

/**
 * Whether an alert ends the connection. RFC 8446 6: the level says nothing in TLS 1.3, and of those that are not close_notify
 * user_canceled alone does not end it. In TLS 1.2 a refused renegotiation and an unknown server name may be warnings (RFC 5246 7.2.2,
 * RFC 6066 3).
 */
function isError(message: DecodedMessage | undefined): boolean {
  if (message?.type !== 'alert' || message.name === 'close_notify') return false;
  return message.level !== 'warning' || !carriesOn.has(message.name);
}

/** Whether there may have been an alert in it. */
function isClosed(message: DecodedMessage | undefined): boolean {
  return message?.type === 'encrypted' || message?.type === 'unreadable';
}

const carriesOn: ReadonlySet<string> = new Set(['user_canceled', 'no_renegotiation', 'unrecognized_name']);
