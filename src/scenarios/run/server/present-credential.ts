import { MtlsFixturesError } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { nothingSeen, type Observation, type PresentableCredential } from '../../assess/observation.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { awaitCall } from '../await-call.ts';
import { nameAsked, type Pkis, type RunSettings, serverAnchors } from '../run-settings.ts';
import type { AttemptFunction } from '../target.ts';
import { attemptPatiently } from './run-handshake.ts';

interface PresentSettings extends Pkis, Pick<RunSettings, 'version' | 'timeout'> {
  /** The client takes any certificate of the server's, which alone is to judge. */
  readonly takesAnyServer?: true;
  /** Milliseconds for which an endpoint's silence after a sign is waited out; default as in other scenarios. */
  readonly silenceAfterSign?: number;
}

/** Presents a client credential once to a server, by a handshake of our own or by the user's attempt function. */
export function presentCredential(
  target: ObservedServer | Endpoint | AttemptFunction,
  credential: PresentableCredential,
  settings: PresentSettings,
): Promise<Observation> {
  return typeof target === 'function' ? attemptWith(target, credential, settings) : handshakeWith(target, credential, settings);
}

async function attemptWith(attempt: AttemptFunction, credential: PresentableCredential, settings: PresentSettings): Promise<Observation> {
  const { version, timeout } = settings;
  const { identity, certificateMessage, ciphers } = credential;
  if (certificateMessage)
    return nothingSeen(unsuitable('no TLS library agrees to present this credential; run it against the server itself (target or start)'));
  const material = {
    key: identity.keyPem,
    cert: identity.chainPem,
    ca: serverAnchors(settings),
    minVersion: version,
    maxVersion: version,
    ...nameAsked(settings),
    ...(ciphers !== undefined && { ciphers }),
  };
  return { kind: 'user-attempt', credential, result: await awaitCall(() => attempt(material), timeout) };
}

async function handshakeWith(
  server: ObservedServer | Endpoint,
  credential: PresentableCredential,
  settings: PresentSettings,
): Promise<Observation> {
  const { version, timeout, takesAnyServer, silenceAfterSign } = settings;
  const { identity, certificateMessage, ciphers } = credential;
  try {
    const handshake = await attemptPatiently(
      server,
      {
        identity,
        trust: serverAnchors(settings),
        minVersion: version,
        maxVersion: version,
        timeout,
        ...nameAsked(settings),
        ...(takesAnyServer && { rejectUnauthorized: false }),
        ...(certificateMessage && { certificateMessage }),
        ...(ciphers !== undefined && { ciphers }),
      },
      silenceAfterSign,
    );
    return { kind: 'presented-credential', handshake, credential };
  } catch (error) {
    if (error instanceof MtlsFixturesError) return nothingSeen(notJudged(error.message));
    throw error;
  }
}
