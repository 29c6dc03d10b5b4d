import { MtlsFixturesError } from '../../errors/index.ts';
import type { Alert } from '../records/alert-record.ts';
import type { AlertName } from '../records/alerts.ts';
import type { Side } from '../tap/capture.ts';
import type { MessageName } from './flight.ts';

/** The message at which something happened: the one that was awaited or sent, e.g. `server finished`. */
export type Step = `${Side} ${MessageName}`;

/**
 * Why a handshake did not complete, or why the connection ended after it, and at which step.
 * - `refused`: the peer sent a fatal alert
 * - `closed`, `reset`: the peer left without a fatal alert; `closed` with `closeNotify` where it said so
 * - `silent`: nothing came until the timeout
 * - `wrong-answer`: what the peer sent breaks the RFC or does not verify; this side sent `alert` and left
 * - `not-tls`: the peer's bytes are not TLS records
 */
export type HandshakeEnd =
  | { readonly kind: 'refused'; readonly alert: Alert; readonly step: Step }
  | { readonly kind: 'closed'; readonly closeNotify: boolean; readonly step: Step }
  | { readonly kind: 'reset'; readonly step: Step }
  | { readonly kind: 'silent'; readonly milliseconds: number; readonly step: Step }
  | { readonly kind: 'wrong-answer'; readonly problem: string; readonly alert: AlertName; readonly step: Step }
  | { readonly kind: 'not-tls'; readonly received: string; readonly step: Step };

/** The one error of a handshake by the engine: how it ended. */
export class EngineError extends MtlsFixturesError<'HANDSHAKE_ENDED'> {
  readonly end: HandshakeEnd;

  constructor(end: HandshakeEnd) {
    super('HANDSHAKE_ENDED', { step: end.step, how: howOf(end) });
    this.end = end;
  }
}

function howOf(end: HandshakeEnd): string {
  if (end.kind === 'refused') return `the peer sent the alert ${end.alert.name}`;
  if (end.kind === 'closed') return end.closeNotify ? 'the peer sent close_notify' : 'the peer closed the connection';
  if (end.kind === 'reset') return 'the connection was reset';
  if (end.kind === 'silent') return `nothing came within ${end.milliseconds} ms`;
  if (end.kind === 'wrong-answer') return `${end.problem} (${end.alert})`;
  return `the peer sent "${end.received.replaceAll(/[^\x20-\x7e]/gu, '.')}", which is not TLS`;
}
