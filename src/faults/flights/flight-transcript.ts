import { type Decision, ladder } from '../../handshake/explain/ladder.ts';
import { decodeHandshake } from '../../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import type { StreamEnd } from '../../wire/decode/stream-end.ts';
import { toPcapng } from '../../wire/pcapng/to-pcapng.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { Capture, Side } from '../../wire/tap/capture.ts';
import { type EditedMessage, placeOfEdited } from './edited-message.ts';

/** What is known of a handshake by the engine for tests besides its capture. */
export interface SeenFlight {
  /** Absent where the flight was not reached, and in a control. */
  readonly edited: EditedMessage | undefined;
  /** The end that met the edited flight. */
  readonly judge: Side;
  /** Whether it is seen to have accepted the handshake. */
  readonly isAccepted: boolean;
  /** How it left; absent where it did not. */
  readonly end?: StreamEnd | undefined;
}

/** The messages of both sides as they passed, decrypted, in the columns of `explain()`, with the edited one named. */
export function flightTranscript(capture: Capture, { edited, judge, isAccepted, end }: SeenFlight): string {
  const messages = decodeHandshake(recordsOf(capture.chunks), { keyLog: capture.secrets.keyLog, ends: end ? [end] : [] });
  const at = edited && placeOfEdited(messages, edited);
  return ladder(messages, {
    decision: decisionIn(messages, { judge, isAccepted }),
    most: mostLines,
    time: (atMs) => `${atMs.toFixed(1)} ms`,
    ...(edited && { edited: { ...edited, at } }),
  }).join('\n');
}

/** The same connection as a capture file, with its key log. */
export function flightCapture(
  { chunks, secrets, startedAt }: Capture,
  { shown, edited, end }: Pick<SeenFlight, 'edited' | 'end'> & { readonly shown: string },
): Uint8Array {
  const comment = edited ? `edited: ${edited.text}, as mtls-fixtures sent it` : `a handshake before ${shown}, as mtls-fixtures sent it`;
  return toPcapng({ chunks, ends: end ? [end] : [], keyLog: secrets.keyLog, comment, startedAt: new Date(startedAt) });
}

/** The alert that refused, where it can be read; without one the end of the stream is not marked: whether it is a refusal is judged elsewhere. */
function decisionIn(messages: readonly DecodedMessage[], { judge, isAccepted }: Pick<SeenFlight, 'judge' | 'isAccepted'>): Decision {
  if (isAccepted && judge === 'server') return { verdict: 'accepted' };
  const alert = messages.findLast((message) => message.type === 'alert' && message.sentBy === judge && !isOrdinary.has(message.name));
  return alert?.type === 'alert' ? { verdict: 'rejected', rejectedBy: judge, alert: alert.name } : { verdict: 'rejected' };
}

const isOrdinary: ReadonlySet<string> = new Set(['close_notify', 'user_canceled', 'no_renegotiation']);
/** The flights of a resumed handshake with a HelloRetryRequest fit. */
const mostLines = 20;
