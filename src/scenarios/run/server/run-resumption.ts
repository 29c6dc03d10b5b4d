import { pause } from '../../../clock/pause.ts';
import { realNow } from '../../../clock/real-clock.ts';
import { isObservedServer } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Identity } from '../../../pki/identity.ts';
import { runAnonymousResumption } from './run-anonymous-resumption.ts';
import { assessControl } from '../../assess/assess-scenario.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { ResumptionTrial, SessionChange } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-settings.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { changedConfiguration, rotateHost, serverFor, usualConfiguration } from './server-under-test.ts';
import { addressOf } from './plain-client.ts';
import { renamedSession } from './renamed-session.ts';
import { resumableSession, handshakeWith } from './sessions.ts';
import type { ServerConfiguration, StartServer } from '../target.ts';
import { type ReachableServer, type ReachableTarget, withStartedServer, withUsualServer } from './usual-server.ts';
import { refusalIn, refusalOfValidClient } from './valid-client.ts';

/** Obtains a session, changes what has to change, and resumes. A server that never resumes, or cannot be changed, is unsuitable. `others`: how the other host is asked. */
export async function runResumption(
  { change, identity }: ResumptionTrial,
  target: ReachableTarget,
  settings: RunSettings,
  others: RunSettings,
): Promise<Observation> {
  if (change.kind === 'none' || !identity) return withUsualServer(target, settings, (server) => anonymous(server, settings));
  if (change.kind === 'expiry')
    return withUsualServer(target, settings, (server) => afterExpiry(server, { identity, at: change.at, settings }));
  if (change.kind === 'other-host')
    return withUsualServer(target, settings, (server) => fromOtherHost(server, { identity, valid: change.valid, settings, others }));
  const plan = { identity, change, settings };
  if ('start' in target) return change.kind === 'configuration' ? onRestarted(target.start, plan) : onAnother(target.start, plan);
  if (change.kind === 'configuration' && isObservedServer(target)) return onRotated(target, plan);
  const need = change.kind === 'configuration' ? 'the server has to be configured anew' : 'two servers are needed';
  return nothingSeen(unsuitable(`${need} for this scenario: give { start }`));
}

async function anonymous(server: ReachableServer, settings: RunSettings): Promise<Observation> {
  const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
  return refusal
    ? nothingSeen(notJudged(`not judged: the valid client was refused: ${refusal.message}`), refusal.handshake)
    : runAnonymousResumption(server, settings);
}

/** A resumption before which the server changes. */
interface Plan {
  readonly identity: Identity;
  readonly change: Extract<SessionChange, { readonly trust: string }>;
  readonly settings: RunSettings;
}

/** A server that runs gets another configuration, and its own back afterwards; no other scenario uses it meanwhile. */
async function onRotated(server: ObservedServer, plan: Plan): Promise<Observation> {
  const claimed = await serverFor(server, usualConfiguration(plan.settings), plan.settings);
  if (!claimed)
    return nothingSeen(
      unsuitable('what the server trusts is not known, so it cannot be changed: give { start }, or observe(server, { identity, context })'),
    );
  try {
    const session = await resumableSession(server, plan.identity, plan.settings);
    if ('status' in session) return nothingSeen(session);
    rotateHost(server, changeOf(plan), plan.settings);
    return await resume(server, { ...plan, session });
  } finally {
    await claimed.close();
  }
}

/** One server after the other, as after a restart. */
async function onRestarted(start: StartServer, plan: Plan): Promise<Observation> {
  const { identity, settings } = plan;
  const session = await withStartedServer(start, { configuration: usualConfiguration(settings), settings }, (server) =>
    resumableSession(server, identity, settings),
  );
  if ('status' in session) return nothingSeen(session);
  return withStartedServer(start, { configuration: changed(plan), settings }, (server) => resume(server, { ...plan, session }));
}

/** One server beside the other. */
function onAnother(start: StartServer, plan: Plan): Promise<Observation> {
  const { identity, settings } = plan;
  return withStartedServer(start, { configuration: usualConfiguration(settings), settings }, async (first) => {
    const session = await resumableSession(first, identity, settings);
    if ('status' in session) return nothingSeen(session);
    return withStartedServer(start, { configuration: changed(plan), settings }, (second) => resume(second, { ...plan, session }));
  });
}

function changed(plan: Plan): ServerConfiguration {
  return changedConfiguration(plan.settings, changeOf(plan));
}

function changeOf({ change }: Plan): { readonly trust: string; readonly crl?: readonly string[] } {
  const crl = change.kind === 'configuration' ? change.crl : undefined;
  return { trust: change.trust, ...(crl && { crl }) };
}

/** The client that is valid after the change goes first: a server that then refuses every client proves nothing. */
async function resume(
  server: ReachableServer,
  { identity, change, settings, session }: Plan & { readonly session: Buffer },
): Promise<Observation> {
  const refused = await refusedAfterChange(server, change.valid, settings);
  return refused ?? handshakeWith(server, identity, { ...settings, session });
}

async function refusedAfterChange(server: ReachableServer, valid: Identity, settings: RunSettings): Promise<Observation | undefined> {
  const refusal = refusalIn(await handshakeWith(server, valid, settings));
  return refusal && nothingSeen(notJudged(`the client that is valid after the change was refused: ${refusal.message}`), refusal.handshake);
}

/** The session of one host is offered to another, whose certificate the client does not mind: in a resumption it has none to see but that of the first. */
async function fromOtherHost(
  server: ReachableServer,
  {
    identity,
    valid,
    settings,
    others,
  }: { readonly identity: Identity; readonly valid: Identity; readonly settings: RunSettings; readonly others: RunSettings },
): Promise<Observation> {
  const session = await resumableSession(server, identity, others);
  if ('status' in session) return nothingSeen(session);
  const refused = await refusedAfterChange(server, valid, settings);
  if (refused) return refused;
  const offered = renamedSession(session, addressOf(server, settings).servername);
  return handshakeWith(server, identity, { ...settings, session: offered, takesAnyServer: true });
}

/** The certificate expires by itself; a full handshake has to be refused before the session says anything. */
async function afterExpiry(
  server: ReachableServer,
  { identity, at, settings }: { readonly identity: Identity; readonly at: Date; readonly settings: RunSettings },
): Promise<Observation> {
  const session = await resumableSession(server, identity, settings);
  if ('status' in session) return nothingSeen(session);
  await pause(at.getTime() + marginMs - realNow());
  const full = await handshakeWith(server, identity, settings);
  const assessment = assessControl(full, { verdict: 'rejected', by: 'server', reason: 'CERT_HAS_EXPIRED' });
  if (assessment.status !== 'as-expected')
    return nothingSeen(
      notJudged(`the server does not refuse the expired certificate in a full handshake: ${assessment.message}`),
      full.handshake,
    );
  return handshakeWith(server, identity, { ...settings, session });
}

/** Certificates count whole seconds, and count the last one differently (RFC 5280 4.1.2.5 includes it, OpenSSL does not). */
const marginMs = 1000;
