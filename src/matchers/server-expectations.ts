import type { AttemptOptions } from '../handshake/attempt/attempt-options.ts';
import type { Identity } from '../pki/identity.ts';
import type { ExpectedAcceptance, ExpectedRejection } from './expectations.ts';

/** How `toAccept` tries: the evidence on which it insists, and options of `attemptHandshake`. */
export interface ExpectedServerAcceptance extends ExpectedAcceptance, Omit<AttemptOptions, 'identity'> {}

/** How `toReject` tries: the rejection to expect, the control, and options of `attemptHandshake`. */
export interface ExpectedServerRejection extends ExpectedRejection, Omit<AttemptOptions, 'identity'> {
  /**
   * The identity that must be accepted first. Default: the one that `toAccept` last saw accepted on this server (for this `servername`, in this test
   * file), tried again; else a client of the authority that issued the server's identity.
   */
  readonly control?: Identity | undefined;
}
