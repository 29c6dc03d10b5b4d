import type { DecodedMessage } from '../wire/decode/decoded-message.ts';
import { type Alert, alertOf } from '../wire/records/alert-record.ts';
import type { Side } from '../wire/tap/capture.ts';
import { isResumed } from './session-on-wire.ts';

/** What passed between two peers, as far as a verdict follows from it. */
export type WireEvent = {
  readonly sentBy: Side;
  /** Milliseconds since the connection was seen. */
  readonly atMs: number;
} & (
  | { readonly kind: 'client-hello' | 'certificate' | 'finished' | 'ticket' | 'data' | 'close-notify' }
  | { readonly kind: 'server-hello'; readonly isTls13: boolean; readonly resumed: boolean }
  | { readonly kind: 'alert'; readonly alert: Alert }
  /** An encrypted alert of TLS 1.2: fatal, or close_notify. */
  | { readonly kind: 'sealed-alert' }
  /** An encrypted record of TLS 1.3, whatever is in it; octets of its fragment. */
  | { readonly kind: 'sealed'; readonly length: number }
  /** The end of one side's stream. */
  | { readonly kind: 'end'; readonly how: 'closed' | 'reset' }
);

/** The events of a connection's messages, in the order of their time: the decoder puts the ends of the streams last, whoever ended first. */
export function wireEvents(messages: readonly DecodedMessage[]): WireEvent[] {
  const reader = new EventReader();
  return messages
    .toSorted((one, other) => one.atMs - other.atMs)
    .flatMap((message) => {
      const event = reader.read(message);
      return event ? [{ ...event, sentBy: message.sentBy, atMs: message.atMs }] : [];
    });
}

type Part<Event> = Event extends WireEvent ? Omit<Event, 'sentBy' | 'atMs'> : never;

class EventReader {
  #isTls13 = false;
  #sessionId = '';
  readonly #finished = { client: false, server: false };

  read(message: DecodedMessage): Part<WireEvent> | undefined {
    switch (message.type) {
      case 'client_hello':
        this.#sessionId = message.sessionId;
        return { kind: 'client-hello' };
      case 'server_hello':
        this.#isTls13 = message.version === 'TLSv1.3';
        return { kind: 'server-hello', isTls13: this.#isTls13, resumed: isResumed(this.#sessionId, message) };
      case 'certificate':
      case 'client_key_exchange': // the client has nothing to show, and goes on
        return { kind: 'certificate' };
      case 'finished':
        return { kind: 'finished' };
      case 'new_session_ticket':
        return this.#isTls13 ? { kind: 'ticket' } : undefined; // in TLS 1.2 it belongs to the handshake
      case 'application_data':
        return { kind: 'data' };
      case 'alert':
        return alertEvent(message, this.#isTls13);
      case 'encrypted':
        return this.#encrypted(message);
      case 'end_of_stream':
        return { kind: 'end', how: message.how === 'reset' ? 'reset' : 'closed' };
      case 'certificate_request':
      case 'certificate_status':
      case 'certificate_verify':
      case 'change_cipher_spec':
      case 'encrypted_extensions':
      case 'end_of_early_data':
      case 'hello_request':
      case 'hello_retry_request':
      case 'key_update':
      case 'other_handshake':
      case 'server_hello_done':
      case 'server_key_exchange':
      case 'unreadable':
      default:
        return undefined;
    }
  }

  /** What the secrets did not open: TLS 1.2 shows the type of the record. */
  #encrypted({ recordType, length, sentBy }: Extract<DecodedMessage, { type: 'encrypted' }>): Part<WireEvent> | undefined {
    if (this.#isTls13) return { kind: 'sealed', length };
    if (recordType === 'alert') return { kind: 'sealed-alert' };
    if (recordType === 'application_data') return { kind: 'data' };
    if (recordType !== 'handshake' || this.#finished[sentBy]) return undefined;
    this.#finished[sentBy] = true; // the first one after change_cipher_spec
    return { kind: 'finished' };
  }
}

function alertEvent({ code, level, sentBy }: Extract<DecodedMessage, { type: 'alert' }>, isTls13: boolean): Part<WireEvent> | undefined {
  if (code === closeNotify) return { kind: 'close-notify' };
  // TLS 1.3 has no warnings but these two (RFC 8446 6); before a version is agreed on the level counts.
  if (code === userCanceled || (!isTls13 && level === 'warning')) return undefined;
  return { kind: 'alert', alert: alertOf(code, sentBy) };
}

const closeNotify = 0;
const userCanceled = 90;
