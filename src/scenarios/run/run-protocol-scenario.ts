import { playPeer } from './client/run-peer.ts';
import { playServerFault } from './client/run-server-fault.ts';
import { type Played, settledPlay } from '../assess/observation.ts';
import type { ClientProtocolScenario, ProtocolScenario } from '../catalogue/protocol-scenario.ts';
import { isNodeServer, playOnServer } from './server/run-server-protocol.ts';
import { type CallSettings, refusalOfValidServer } from './run-server-scenario.ts';
import { notJudged, type ScenarioResult, unsuitable } from '../records/scenario-result.ts';
import { validPeers } from './valid-peers.ts';
import { type ClientCall, parseClientCall, parseServerTarget } from './target.ts';
import { expectationOf, weighPlayed } from '../assess/assess-observation.ts';

/** Runs a scenario about the protocol against the side that it is for, after a valid peer was accepted. */
export async function runProtocolScenario(scenario: ProtocolScenario, target: unknown, settings: CallSettings): Promise<ScenarioResult> {
  const { version } = settings;
  const { played, isNode } = await play(scenario, target, settings);
  const stack = settings.stack ?? (isNode ? 'node' : undefined);
  const expectation = expectationOf(scenario, { version, stack, demanded: settings.expected });
  const { message, ...weighed } = weighPlayed(played, expectation);
  const { handshake } = played;
  return {
    id: scenario.id,
    expected: expectation.expected,
    ...weighed,
    ...(handshake && { handshake }),
    message: `${scenario.id} (${version}): ${message}`,
  };
}

async function play(
  scenario: ProtocolScenario,
  target: unknown,
  settings: CallSettings,
): Promise<{ readonly played: Played; readonly isNode: boolean }> {
  const { versions } = scenario;
  if (scenario.underTest === 'server') {
    const server = parseServerTarget(target);
    const isNode = isNodeServer(server);
    return { isNode, played: versions.includes(settings.version) ? await playOnServer(scenario, server, settings) : senseless(versions) };
  }
  const call = parseClientCall(target);
  return {
    isNode: false,
    played: versions.includes(settings.version) ? await playOnClient(scenario, call, settings) : senseless(versions),
  };
}

/** Makes a client under test call what a scenario says, after a valid server was trusted. */
async function playOnClient(scenario: ClientProtocolScenario, call: ClientCall, settings: CallSettings): Promise<Played> {
  const refusal = settings.controlled ? undefined : await refusalOfValidServer(call, settings);
  if (refusal) return settledPlay(notJudged(`not judged: the valid server was refused: ${refusal.message}`), refusal.handshake);
  const trial = scenario.arrange(settings.pki, validPeers(settings.authorizes));
  return trial.kind === 'peer' ? playPeer(trial, call, settings) : playServerFault(trial, call, settings);
}

function senseless(versions: readonly string[]): Played {
  return settledPlay(unsuitable(`it makes sense with ${versions.join(' and ')} only`));
}
