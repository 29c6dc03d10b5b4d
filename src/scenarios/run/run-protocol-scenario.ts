import { MtlsFixturesError } from '../../errors/index.ts';
import { nothingSeen, type Observation } from '../assess/observation.ts';
import { validPeers } from '../catalogue/authorization.ts';
import type { ClientProtocolScenario, ProtocolScenario, ServerProtocolScenario, ServerTrial } from '../catalogue/protocol-scenario.ts';
import { notJudged, unsuitable } from '../records/scenario-result.ts';
import { awaitCall } from './await-call.ts';
import { runPeer } from './client/run-peer.ts';
import { runRenegotiationByServer } from './client/run-renegotiation-by-server.ts';
import { runServerFault } from './client/run-server-fault.ts';
import { runTwoCalls } from './client/run-two-calls.ts';
import { refusalOfValidServer } from './client/valid-server.ts';
import { type CallSettings, nameAsked, type RunSettings, serverAnchors } from './run-settings.ts';
import { concernsHost, notAtHost, withOtherHosts } from './other-hosts.ts';
import { presentCredential } from './server/present-credential.ts';
import { runClientFault } from './server/run-client-fault.ts';
import { runEditedFlight } from './server/run-edited-flight.ts';
import { runHandshake } from './server/run-handshake.ts';
import { runHostCrossing } from './server/run-host-crossing.ts';
import { runRenegotiation } from './server/run-renegotiation.ts';
import { runRequest } from './server/run-request.ts';
import { runResumption } from './server/run-resumption.ts';
import { type ReachableServer, type ReachableTarget, withUsualServer } from './server/usual-server.ts';
import { type Refusal, refusalIn, refusalOfValidClient } from './server/valid-client.ts';
import { type AttemptFunction, type ClientCall, parseClientCall, parseServerTarget } from './target.ts';

/** Runs a scenario about the protocol against the side that it is for, after a valid peer was accepted. */
export async function runProtocolScenario(scenario: ProtocolScenario, target: unknown, settings: CallSettings): Promise<Observation> {
  const { versions } = scenario;
  const isApplicable = versions.includes(settings.version);
  if (scenario.underTest === 'client') {
    const call = parseClientCall(target);
    return isApplicable ? runOnClient(scenario, call, settings) : notApplicable(versions);
  }
  const server = parseServerTarget(target);
  if (!isApplicable) return notApplicable(versions);
  if (!concernsHost(scenario, settings)) return nothingSeen(unsuitable(notAtHost(scenario, settings)));
  return typeof server === 'function' ? runByAttempt(scenario, server, settings) : runOnServer(scenario, server, settings);
}

function notApplicable(versions: readonly string[]): Observation {
  return nothingSeen(unsuitable(`it makes sense with ${versions.join(' and ')} only`));
}

/** Lets a client under test call what a scenario says, after a valid server was trusted. */
async function runOnClient(scenario: ClientProtocolScenario, call: ClientCall, settings: CallSettings): Promise<Observation> {
  const refusal = settings.controlled ? undefined : await refusalOfValidServer(call, settings);
  if (refusal) return validRefused('server', refusal);
  const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes));
  switch (trial.kind) {
    case 'peer':
      return runPeer(trial, call, settings);
    case 'two-calls':
      return runTwoCalls(trial, call, settings);
    case 'renegotiation-by-server':
      return runRenegotiationByServer(trial, call, settings);
    case 'server-fault':
    default:
      return runServerFault(trial, call, settings);
  }
}

/** Does to a server under test what a scenario says, after the valid client was accepted. */
async function runOnServer(scenario: ServerProtocolScenario, target: ReachableTarget, settings: RunSettings): Promise<Observation> {
  try {
    return await withOtherHosts(scenario, settings, ({ hosts, other }) => {
      const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes), hosts);
      const others = { ...settings, servername: undefined, ...other };
      // A session is obtained and resumed first: those are its controls.
      if (trial.kind === 'resumption') return runResumption(trial, target, settings, others);
      return withUsualServer(target, settings, (server) =>
        behindControl(scenario, server, { settings, run: () => runTrial(trial, server, { settings, others }) }),
      );
    });
  } catch (error) {
    // TLS was not even begun: not a refusal, whatever was expected.
    if (error instanceof MtlsFixturesError && beforeTls.has(error.code)) return nothingSeen(notJudged(error.message));
    throw error;
  }
}

/** Runs what follows the positive control; without it only what needs none, and then for what is accepted alone. */
async function behindControl(
  { needsNoControl }: ServerProtocolScenario,
  target: ReachableServer | AttemptFunction,
  { settings, run }: { readonly settings: RunSettings; readonly run: () => Promise<Observation> },
): Promise<Observation> {
  const refusal = settings.controlled ? undefined : await refusalOfValidClient(target, settings);
  if (!refusal) return run();
  const observation = needsNoControl ? await run() : undefined;
  return observation && refusalIn(observation) === undefined ? observation : validRefused('client', refusal);
}

/** Of the host under test, and of the other one that a scenario needs. */
interface TrialSettings {
  readonly settings: RunSettings;
  readonly others: RunSettings;
}

function runTrial(
  trial: Exclude<ServerTrial, { readonly kind: 'resumption' }>,
  server: ReachableServer,
  { settings, others }: TrialSettings,
): Promise<Observation> {
  if (trial.kind === 'credential') return presentCredential(server, trial, { ...settings, takesAnyServer: true });
  if (trial.kind === 'handshake') return runHandshake(trial, server, settings);
  if (trial.kind === 'client-fault') return runClientFault(trial, server, settings);
  if (trial.kind === 'edited-flight') return runEditedFlight(trial, server, settings);
  if (trial.kind === 'request') return runRequest(trial, server, trial.isAtOtherHost ? others : settings);
  if (trial.kind === 'host-crossing') return runHostCrossing(trial, server, settings, others);
  return runRenegotiation(trial, server, settings);
}

/** A client library can be given a credential, or none; what else it offers is not in its caller's hands. */
async function runByAttempt(scenario: ServerProtocolScenario, attempt: AttemptFunction, settings: RunSettings): Promise<Observation> {
  const { version, timeout } = settings;
  if (scenario.byAttempt)
    return withOtherHosts(scenario, settings, async ({ hosts }) => {
      const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes), hosts);
      return trial.kind === 'credential'
        ? behindControl(scenario, attempt, { settings, run: () => presentCredential(attempt, trial, settings) })
        : nothingSeen(unsuitable(notByAttempt));
    });
  if (!scenario.withoutCertificate) return nothingSeen(unsuitable(notByAttempt));
  const material = { ca: serverAnchors(settings), minVersion: version, maxVersion: version, ...nameAsked(settings) };
  const run = async (): Promise<Observation> => ({ kind: 'user-attempt', result: await awaitCall(() => attempt(material), timeout) });
  return behindControl(scenario, attempt, { settings, run });
}

const notByAttempt = 'an attempt function cannot misbehave like this; run it against the server itself (target or start)';

function validRefused(peer: 'client' | 'server', { message, handshake }: Refusal): Observation {
  return nothingSeen(notJudged(`not judged: the valid ${peer} was refused: ${message}`), handshake);
}

const beforeTls: ReadonlySet<string> = new Set(['CONNECT_FAILED', 'HOST_NOT_FOUND', 'STARTTLS_REFUSED', 'STARTTLS_FAILED']);
