import type { AttemptOptions } from '../handshake/attempt/attempt-options.ts';
import type { Identity } from '../pki/identity.ts';
import type { ExpectedAcceptance, ExpectedRejection } from './expectations.ts';

/** How `toAccept` tries: the evidence on which it insists, and options of `attemptHandshake`. */
export interface ExpectedServerAcceptance extends ExpectedAcceptance, Omit<AttemptOptions, 'identity'> {}

/** How `toReject` tries: the rejection to expect, the control, and options of `attemptHandshake`. */
export interface ExpectedServerRejection extends ExpectedRejection, Omit<AttemptOptions, 'identity'> {
  /**
   * The identity that must be accepted first. Default: the one that this server accepted last (for this `servername`) in an `attemptHandshake` or `toAccept`, tried again, unless it
   * has expired or was revoked; else a new client of the PKI that the server was started or observed with, of the CA of its own certificate, or of the run's PKI: the first of these that
   * the server accepts for its certificate. The failure message says which it was.
   */
  readonly control?: Identity | undefined;
}
