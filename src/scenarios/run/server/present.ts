import { MtlsFixturesError } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { attemptUnsent } from '../../assess/credential-sent.ts';
import { attemptPatiently } from '../patience.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { ArrangedCredential, TlsVersion } from '../../catalogue/scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { settleCall } from '../../assess/settle-call.ts';
import type { AttemptFunction } from '../target.ts';
import { errorRefusesVersion } from '../version-spoken.ts';
import { weighAttempt } from '../../assess/assess-call.ts';
import { weighHandshake } from '../../assess/assess-handshake.ts';
import { weighOnTheWire } from '../../assess/assess-on-the-wire.ts';

/** How to present. */
export interface PresentOptions {
  readonly version: TlsVersion;
  /** PEM of the anchors that vouch for the server. */
  readonly serverAnchors: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What the presenter needs of a credential. */
export type PresentableCredential = Pick<ArrangedCredential, 'identity' | 'certificateMessage' | 'ciphers'>;

/** Presents a client credential once to a server, by a handshake of our own or by the user's attempt function. */
export async function presentToServer(
  target: ObservedServer | Endpoint | AttemptFunction,
  credential: PresentableCredential,
  options: PresentOptions,
): Promise<Played> {
  return typeof target === 'function' ? attemptWith(target, credential, options) : shakeHands(target, credential, options);
}

async function attemptWith(attempt: AttemptFunction, credential: PresentableCredential, options: PresentOptions): Promise<Played> {
  const { identity, certificateMessage, ciphers } = credential;
  const { version, serverAnchors, timeout } = options;
  if (certificateMessage)
    return settledPlay(unsuitable('no TLS library agrees to present this credential; run it against the server itself (target or start)'));
  const material = {
    key: identity.keyPem,
    cert: identity.chainPem,
    ca: serverAnchors,
    minVersion: version,
    maxVersion: version,
    ...(ciphers !== undefined && { ciphers }),
  };
  const settled = await settleCall(() => attempt(material), timeout);
  const refusesVersion = settled.kind === 'rejected' && errorRefusesVersion(settled.error);
  return {
    weigh: (expected) => attemptUnsent(settled, credential) ?? weighAttempt(expected, settled),
    ...(refusesVersion && { refusesVersion }),
  };
}

async function shakeHands(
  target: ObservedServer | Endpoint,
  { identity, certificateMessage, ciphers }: PresentableCredential,
  { version, serverAnchors, timeout }: PresentOptions,
): Promise<Played> {
  try {
    const handshake = await attemptPatiently(target, {
      identity,
      trust: serverAnchors,
      minVersion: version,
      maxVersion: version,
      timeout,
      ...(certificateMessage && { certificateMessage }),
      ...(ciphers !== undefined && { ciphers }),
    });
    return {
      handshake,
      weigh: (expected) => (certificateMessage && weighOnTheWire(expected, handshake, 'client')) || weighHandshake(expected, handshake),
    };
  } catch (error) {
    if (error instanceof MtlsFixturesError) return settledPlay(notJudged(error.message));
    throw error;
  }
}
