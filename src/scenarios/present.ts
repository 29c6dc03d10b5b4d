import { patience } from './patience.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { attemptHandshake } from '../handshake/attempt-handshake.ts';
import type { Endpoint } from '../handshake/attempt-options.ts';
import type { Handshake } from '../handshake/handshake.ts';
import type { ObservedServer } from '../handshake/observed-server.ts';
import type { ArrangedCredential, ExpectedOutcome, TlsVersion } from './scenario.ts';
import { notJudged, unsuitable, type Weighed } from './scenario-result.ts';
import { settleCall } from './settle-call.ts';
import type { AttemptFunction } from './target.ts';
import { weighAttempt } from './weigh-call.ts';
import { weighHandshake } from './weigh-handshake.ts';

/** What a presented credential came to, weighed; with the handshake where it was observed. */
export interface Presented extends Weighed {
  readonly handshake?: Handshake;
}

/** How to present. */
export interface PresentOptions {
  readonly expected: ExpectedOutcome;
  readonly version: TlsVersion;
  /** PEM of the anchors that vouch for the server. */
  readonly serverAnchors: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What the presenter needs of a credential. */
export type PresentableCredential = Pick<ArrangedCredential, 'identity' | 'certificateMessage' | 'ciphers'>;

/** Presents a client credential once to a server, by a handshake of our own or by the user's attempt function, and weighs the answer. */
export async function presentToServer(
  target: ObservedServer | Endpoint | AttemptFunction,
  credential: PresentableCredential,
  options: PresentOptions,
): Promise<Presented> {
  return typeof target === 'function' ? attemptWith(target, credential, options) : shakeHands(target, credential, options);
}

async function attemptWith(attempt: AttemptFunction, credential: PresentableCredential, options: PresentOptions): Promise<Presented> {
  const { identity, certificateMessage, ciphers } = credential;
  const { version, serverAnchors, timeout, expected } = options;
  if (certificateMessage)
    return unsuitable('no TLS library agrees to present this credential; run it against the server itself (target or start)');
  const material = {
    key: identity.keyPem,
    cert: identity.chainPem,
    ca: serverAnchors,
    minVersion: version,
    maxVersion: version,
    ...(ciphers !== undefined && { ciphers }),
  };
  return weighAttempt(expected, await settleCall(() => attempt(material), timeout));
}

async function shakeHands(
  target: ObservedServer | Endpoint,
  { identity, certificateMessage, ciphers }: PresentableCredential,
  { expected, version, serverAnchors, timeout }: PresentOptions,
): Promise<Presented> {
  if (certificateMessage && expected.verdict === 'accepted')
    return unsuitable('this credential can only be put on the wire, where no handshake comes to its end: acceptance cannot be shown');
  try {
    const handshake = await attemptHandshake(target, {
      identity,
      trust: serverAnchors,
      minVersion: version,
      maxVersion: version,
      timeout,
      quietPeriod: patience(timeout),
      ...(certificateMessage && { certificateMessage }),
      ...(ciphers !== undefined && { ciphers }),
    });
    const weighed =
      certificateMessage && isSignatureRefused(expected, handshake) ? notJudged(pastTheCertificate) : weighHandshake(expected, handshake);
    return { ...weighed, handshake };
  } catch (error) {
    if (error instanceof MtlsFixturesError) return notJudged(error.message);
    throw error;
  }
}

/** On the wire the proof of possession fits no certificate but the stand-in's: who refuses that has let the certificate pass. */
function isSignatureRefused(expected: ExpectedOutcome, { rejectedBy, alert }: Handshake): boolean {
  const isExpected = expected.verdict === 'rejected' && expected.alert === 'decrypt_error';
  return !isExpected && rejectedBy === 'server' && alert?.name === 'decrypt_error';
}

const pastTheCertificate =
  'the server let the certificate pass and refused the signature, which cannot be right on the wire (alert decrypt_error)';
