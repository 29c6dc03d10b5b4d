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
import { type CallSettings, type RunSettings, serverAnchors } from './run-settings.ts';
import { runClientFault } from './server/run-client-fault.ts';
import { runHandshake } from './server/run-handshake.ts';
import { runRenegotiation } from './server/run-renegotiation.ts';
import { runRequest } from './server/run-request.ts';
import { runResumption } from './server/run-resumption.ts';
import { type ReachableServer, type ReachableTarget, withUsualServer } from './server/usual-server.ts';
import { type Refusal, refusalOfValidClient } from './server/valid-client.ts';
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
  const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes));
  try {
    // A session is obtained and resumed first: those are its controls.
    if (trial.kind === 'resumption') return await runResumption(trial, target, settings);
    return await withUsualServer(target, settings, async (server) => {
      const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
      return refusal ? validRefused('client', refusal) : runTrial(trial, server, settings);
    });
  } catch (error) {
    // TLS was not even begun: not a refusal, whatever was expected.
    if (error instanceof MtlsFixturesError && beforeTls.has(error.code)) return nothingSeen(notJudged(error.message));
    throw error;
  }
}

function runTrial(
  trial: Exclude<ServerTrial, { readonly kind: 'resumption' }>,
  server: ReachableServer,
  settings: RunSettings,
): Promise<Observation> {
  if (trial.kind === 'handshake') return runHandshake(trial, server, settings);
  if (trial.kind === 'client-fault') return runClientFault(trial, server, settings);
  return trial.kind === 'request' ? runRequest(trial, server, settings) : runRenegotiation(trial, server, settings);
}

/** A client library can be given no certificate; what else it offers is not in its caller's hands. */
async function runByAttempt(
  { withoutCertificate }: ServerProtocolScenario,
  attempt: AttemptFunction,
  settings: RunSettings,
): Promise<Observation> {
  if (!withoutCertificate)
    return nothingSeen(unsuitable('an attempt function cannot misbehave like this; run it against the server itself (target or start)'));
  const { version, timeout } = settings;
  const refusal = settings.controlled ? undefined : await refusalOfValidClient(attempt, settings);
  if (refusal) return validRefused('client', refusal);
  const result = await awaitCall(() => attempt({ ca: serverAnchors(settings), minVersion: version, maxVersion: version }), timeout);
  return { kind: 'user-attempt', result };
}

function validRefused(peer: 'client' | 'server', { message, handshake }: Refusal): Observation {
  return nothingSeen(notJudged(`not judged: the valid ${peer} was refused: ${message}`), handshake);
}

const beforeTls: ReadonlySet<string> = new Set(['CONNECT_FAILED', 'HOST_NOT_FOUND', 'STARTTLS_REFUSED', 'STARTTLS_FAILED']);
