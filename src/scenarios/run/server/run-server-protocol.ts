import { MtlsFixturesError } from '../../../errors/index.ts';
import { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { playClientFault } from './run-client-fault.ts';
import { playHandshake } from './run-handshake.ts';
import { playRenegotiation } from './run-renegotiation.ts';
import { playRequest } from './run-request.ts';
import { playResumption } from './run-resumption.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { ServerProtocolScenario, ServerTrial } from '../../catalogue/protocol-scenario.ts';
import { refusalOfValidClient, type RunSettings } from '../run-client-scenario.ts';
import { notJudged, unsuitable } from '../../records/scenario-result.ts';
import { settleCall } from '../../assess/settle-call.ts';
import type { AttemptFunction, ServerTarget } from '../target.ts';
import { type ReachableServer, type ReachableTarget, withUsualServer } from './usual-server.ts';
import { validPeers } from '../valid-peers.ts';
import { weighAttempt } from '../../assess/assess-call.ts';

/** Does to a server under test what a scenario says, after the valid client was let in. */
export async function playOnServer(scenario: ServerProtocolScenario, target: ServerTarget, settings: RunSettings): Promise<Played> {
  if (typeof target === 'function') return playByAttempt(scenario, target, settings);
  try {
    return await playOnReachable(scenario, target, settings);
  } catch (error) {
    // The TLS of it was not even begun: no refusal, whatever was expected.
    if (error instanceof MtlsFixturesError && beforeTls.has(error.code)) return settledPlay(notJudged(error.message));
    throw error;
  }
}

function playOnReachable(scenario: ServerProtocolScenario, target: ReachableTarget, settings: RunSettings): Promise<Played> {
  const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes));
  // A session is obtained and resumed first: those are its controls.
  if (trial.kind === 'resumption') return playResumption(trial, target, settings);
  return withUsualServer(target, settings.pki, async (server) => {
    const refusal = settings.controlled ? undefined : await refusalOfValidClient(server, settings);
    return refusal ? settledPlay(validRefused(refusal.message), refusal.handshake) : play(trial, server, settings);
  });
}

/** Whether the answers are known to come from Node.js. */
export function isNodeServer(target: ServerTarget): boolean {
  return target instanceof ObservedServer || ('running' in target && target.running instanceof ObservedServer);
}

function play(
  trial: Exclude<ServerTrial, { readonly kind: 'resumption' }>,
  server: ReachableServer,
  settings: RunSettings,
): Promise<Played> {
  if (trial.kind === 'handshake') return playHandshake(trial, server, settings);
  if (trial.kind === 'client-fault') return playClientFault(trial, server, settings);
  return trial.kind === 'request' ? playRequest(trial, server, settings) : playRenegotiation(trial, server, settings);
}

/** A client library can be given no certificate; what else it offers is its own affair. */
async function playByAttempt(
  { withoutCertificate }: ServerProtocolScenario,
  attempt: AttemptFunction,
  settings: RunSettings,
): Promise<Played> {
  if (!withoutCertificate)
    return settledPlay(unsuitable('an attempt function cannot misbehave like this; run it against the server itself (target or start)'));
  const { pki, version, timeout } = settings;
  const refusal = settings.controlled ? undefined : await refusalOfValidClient(attempt, settings);
  if (refusal) return settledPlay(validRefused(refusal.message));
  const settled = await settleCall(() => attempt({ ca: pki.anchors, minVersion: version, maxVersion: version }), timeout);
  return { weigh: (expected) => weighAttempt(expected, settled) };
}

function validRefused(words: string): ReturnType<typeof notJudged> {
  return notJudged(`not judged: the valid client was refused: ${words}`);
}

const beforeTls: ReadonlySet<string> = new Set(['CONNECT_FAILED', 'HOST_NOT_FOUND', 'STARTTLS_REFUSED', 'STARTTLS_FAILED']);
