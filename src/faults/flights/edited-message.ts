import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import type { FlightMessage } from '../../wire/engine/flight.ts';
import type { Side } from '../../wire/tap/capture.ts';

/** The message of a flight that an edit changed, and where it is, or would be, among those that were sent. */
export interface EditedMessage {
  readonly sentBy: Side;
  /** `CertificateVerify (left out by the scenario)`. */
  readonly text: string;
  /** How many messages of the flight go before it. */
  readonly place: number;
  readonly isLeftOut: boolean;
  /** When the flight was about to be sent, by the clock of the capture. */
  readonly atMs: number;
}

/** Compares a flight with what an edit made of it; `shown` names the message and the edit: `CertificateVerify (left out)`. */
export function editedMessage(
  flight: readonly FlightMessage[],
  edited: readonly FlightMessage[],
  { shown, ...where }: Pick<EditedMessage, 'sentBy' | 'atMs'> & { readonly shown: string },
): EditedMessage {
  return { ...where, text: byTheScenario(shown), place: placeOf(flight, edited), isLeftOut: shown.endsWith(leftOut) };
}

/** The message as it was sent, or the one before which the message that is left out would have been; undefined where nothing of it came to be sent. */
export function placeOfEdited(messages: readonly DecodedMessage[], { sentBy, atMs, place }: EditedMessage): DecodedMessage | undefined {
  return messages.filter((message) => message.sentBy === sentBy && message.atMs >= atMs && message.type !== 'end_of_stream')[place];
}

/** The first message that differs; where that is sent as it was and not counted in the transcript, it is the Finished that differs. */
function placeOf(flight: readonly FlightMessage[], edited: readonly FlightMessage[]): number {
  const longest = Math.max(flight.length, edited.length);
  const first = Array.from({ length: longest }, (_, at) => at).find((at) => flight[at] !== edited[at]) ?? 0;
  const isUncounted = edited[first]?.outsideTranscript === true && edited[first].body === flight[first]?.body;
  return isUncounted ? edited.findIndex(({ name }) => name === 'finished') : first;
}

function byTheScenario(shown: string): string {
  return shown.endsWith(leftOut) ? shown.replace(leftOut, '(left out by the scenario)') : `${shown.slice(0, -1)}; edited by the scenario)`;
}

const leftOut = '(left out)';
