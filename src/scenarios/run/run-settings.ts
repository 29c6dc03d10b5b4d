import type { Pki } from '../../pki/pki.ts';
import type { ExpectedOutcome, LegitimatePeer, TlsVersion } from '../catalogue/scenario.ts';
import type { StartPeer } from './client/start-peer.ts';

/** How a scenario is run; checked. */
export interface RunSettings {
  readonly pki: Pki;
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  /** What the user expects in place of what the scenario says. */
  readonly expected: ExpectedOutcome | undefined;
  /** The valid peer was accepted a moment ago, by this target and with this version: not tried again. */
  readonly controlled: boolean;
  /** The one peer that the application under test accepts; undefined where it accepts every peer that TLS accepts. */
  readonly authorizes: LegitimatePeer | undefined;
}

/** How a scenario for a client under test is run; checked. */
export interface CallSettings extends RunSettings {
  readonly startPeer: StartPeer | undefined;
}

/** What a control needs. */
export type ControlSettings = Pick<RunSettings, 'pki' | 'version' | 'timeout' | 'authorizes'>;
