import { sentCloseNotify } from '../../../wire/records/alert-record.ts';
import type { Capture } from '../../../wire/tap/capture.ts';
import { recordsOf } from '../../../wire/records/tls-record.ts';
import type { EndOutcome, SessionFacts } from '../../verdict/end-report.ts';
import { quietPeriod } from '../../verdict/quiet-period.ts';

/** Whether the client has sent an octet. */
export function hasClientSpoken({ chunks }: Capture): boolean {
  return chunks.some(({ sentBy }) => sentBy === 'client');
}

/** Where Node ends its side at once, the raw socket has not seen the client leave: its close_notify shows it. */
export function hasSentCloseNotify({ chunks, secrets }: Capture, session: SessionFacts | undefined): boolean {
  const cipher = session?.cipher;
  return sentCloseNotify(recordsOf(chunks), 'client', cipher === undefined ? undefined : { cipher, secrets });
}

/**
 * In TLS 1.3 the client's Finished is its word that it accepted; wget's and MariaDB's clients take it back, and leave (measured). In TLS 1.2 it is its word for all but
 * clients that verify afterwards, as Node's: those send neither data nor close_notify. In a resumed handshake there is nothing to verify.
 */
export function verifiesLate(session: SessionFacts | undefined): boolean {
  return session?.protocol !== 'TLSv1.3' && session?.resumed !== true;
}

/** A client that left; `isUnused`: after the handshake, without data and without close_notify. */
export function leftOutcome(how: 'end' | 'reset', isUnused: boolean): EndOutcome {
  return { kind: 'left', how: how === 'reset' ? 'reset' : 'closed', ...(isUnused && { detail: leftUnused }) };
}

/** What is known of a client that leaves so: nothing on the wire says why. */
export const leftUnused =
  'the client completed the handshake, then left without close_notify and without data: it may have rejected the server, or it may have been stopped';

/**
 * How long a client that completed the handshake and then says nothing is waited for, in milliseconds: its refusal may still be on its way. TLS 1.2 clients verify after
 * the handshake (Node's), others look at the host name then (curl's took hundreds of milliseconds under load). Never less than four round trips of this very connection.
 */
export function silenceBound(
  { clientQuietPeriod, clientSpeaksFirst }: { readonly clientQuietPeriod: number | undefined; readonly clientSpeaksFirst: boolean },
  capture: Capture,
): number {
  const asked = clientQuietPeriod ?? (clientSpeaksFirst ? silenceOfHttpMs : silenceMs);
  return quietPeriod(asked, capture.chunks, 'server');
}

const silenceMs = 1000;
/** HTTP clients speak first: one that accepted sends its request. */
const silenceOfHttpMs = 2000;
