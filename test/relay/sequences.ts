import type { WireEvent } from '../../src/relay/wire-event.ts';
import { judgeWire } from '../../src/relay/wire-judgement.ts';

const waits = { afterSign: 500, withoutSign: 1000, roundTrip: 10 };

/** The judgement of these events, in their order. */
export const judge = (...events: readonly WireEvent[]): ReturnType<typeof judgeWire> => judgeWire(events, waits);

let clock = 0;
type Parts<Event> = Event extends WireEvent ? Omit<Event, 'sentBy' | 'atMs'> : never;

/** One event of one side, a tenth of a second after the one before. */
export const at = (sentBy: 'client' | 'server', part: Parts<WireEvent>): WireEvent => ({ ...part, sentBy, atMs: (clock += 100) });
export const client = (part: Parts<WireEvent>): WireEvent => at('client', part);
export const server = (part: Parts<WireEvent>): WireEvent => at('server', part);

/** The end of a connection, by FIN. */
export const fin = (sentBy: 'client' | 'server'): WireEvent => at(sentBy, { kind: 'end', how: 'closed' });

/** The hellos of TLS 1.3. */
export const hellos13 = [client({ kind: 'client-hello' }), server({ kind: 'server-hello', isTls13: true, resumed: false })];
