import { after } from '../../../clock/real-clock.ts';
import type { Identity } from '../../../pki/identity.ts';
import { addressOf, callPlainly } from './plain-client.ts';
import type { Observation } from '../../assess/observation.ts';
import { nameAsked, type RunSettings, serverAnchors } from '../run-settings.ts';
import { type Assessment, notJudged, unsuitable } from '../../records/scenario-result.ts';
import { tryHandshake } from './run-handshake.ts';
import type { ReachableServer } from './usual-server.ts';
import { refusalOfValidClient } from './valid-client.ts';

/** A session that was not used yet, of a server that was seen to resume another one of the same client; or why there is none. */
export async function resumableSession(server: ReachableServer, identity: Identity, settings: RunSettings): Promise<Buffer | Assessment> {
  const refusal = await refusalOfValidClient(server, settings);
  if (refusal) return notJudged(`not judged: the valid client was refused: ${refusal.message}`);
  const spent = await obtainSession(server, identity, settings);
  if (spent === 'hung') return neverCompleted(settings);
  if (!spent) return unsuitable('the server gave the client no session, so none can outlive anything');
  // Before the resumption, whose acceptance may have to be waited for: the identity may be valid for seconds only.
  const kept = await obtainSession(server, identity, settings);
  if (kept === 'hung') return neverCompleted(settings);
  const resumption = await handshakeWith(server, identity, { ...settings, session: spent });
  if (resumption.kind === 'nothing-seen') return resumption.assessment;
  if (resumption.handshake?.resumed !== true)
    return unsuitable('the server did not resume a session although nothing had changed, so none can outlive anything');
  return kept ?? notJudged('the server gave a session once, and none the second time');
}

/** A handshake that does not end says nothing about sessions. */
export function neverCompleted({ timeout }: Pick<RunSettings, 'timeout'>): Assessment {
  return notJudged(`the handshake that was to give a session did not end within ${timeout} ms`);
}

/** The session of a new connection; undefined where none comes, `hung` where the handshake does not end. In TLS 1.3 it comes after the handshake, and only to a client that was accepted. */
export async function obtainSession(
  server: ReachableServer,
  identity: Identity | undefined,
  settings: RunSettings,
): Promise<Buffer | 'hung' | undefined> {
  const { version, timeout } = settings;
  const options = { identity, trust: serverAnchors(settings), version, timeout };
  let isComplete = false;
  const end = await callPlainly<Buffer | undefined>(addressOf(server, settings), options, (socket, { came }) => {
    socket.once('session', came);
    socket.once('secureConnect', () => {
      isComplete = true;
      after(Math.min(timeout, sessionMs), () => came(undefined), { unref: true });
    });
  });
  if (end.kind === 'silence' && !isComplete) return 'hung';
  return end.kind === 'came' ? end.value : undefined;
}

/** A handshake with or without a session; without identity, with no client certificate. */
export function handshakeWith(
  server: ReachableServer,
  identity: Identity | undefined,
  { session, takesAnyServer, ...settings }: RunSettings & { readonly session?: Buffer; readonly takesAnyServer?: true },
): Promise<Observation> {
  const { version, timeout } = settings;
  return tryHandshake(server, {
    trust: serverAnchors(settings),
    minVersion: version,
    maxVersion: version,
    timeout,
    ...nameAsked(settings),
    ...(identity && { identity }),
    ...(session && { session }),
    ...(takesAnyServer && { rejectUnauthorized: false }),
  });
}

/** How long a server may take to send a session once the client has done its part, in milliseconds: it follows its judgement. */
const sessionMs = 1000;
