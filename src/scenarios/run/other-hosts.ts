import { nothingSeen, type Observation } from '../assess/observation.ts';
import type { HostsInTrial, ProtocolScenario, ServerProtocolScenario } from '../catalogue/protocol-scenario.ts';
import type { CredentialScenario } from '../catalogue/scenario.ts';
import { unsuitable } from '../records/scenario-result.ts';
import { namesOfThisMachine } from '../../net/addresses.ts';
import type { HostOfServer, Pkis } from './run-settings.ts';
import { refusalIn } from './server/valid-client.ts';

/** Whether a scenario is about the host under test of a server with several hosts: its default, or a named one. */
export function concernsHost(scenario: CredentialScenario | ProtocolScenario, pkis: Pick<Pkis, 'servername' | 'hosts'>): boolean {
  if (scenario.role !== 'protocol' || scenario.underTest === 'client') return true;
  const { at, needsOtherHost } = scenario;
  if (needsOtherHost && pkis.hosts === undefined) return false;
  return at === undefined || (at === 'host') === (pkis.servername !== undefined);
}

/** Why a scenario cannot be run at the host under test. */
export function notAtHost({ id, at, needsOtherHost }: ServerProtocolScenario, { hosts }: Pick<Pkis, 'hosts'>): string {
  if (hosts === undefined && (needsOtherHost || at === 'host')) return `${id} is about a server with several hosts: give hosts`;
  return at === 'host' ? `${id} is about a named host: give host` : `${id} is about the default of the server, not about a named host`;
}

/** A scenario as it is run with one other host of the server. */
interface WithOther {
  readonly hosts?: HostsInTrial;
  /** What the other host is asked by. */
  readonly other?: HostOfServer;
}

/**
 * Runs a scenario once; one that needs another host with each of those whose clients come from another PKI, until something is accepted: what is wrong with one of them
 * is wrong with the server.
 */
export async function withOtherHosts(
  { needsOtherHost }: Pick<ServerProtocolScenario, 'needsOtherHost'>,
  settings: Pkis,
  run: (other: WithOther) => Promise<Observation>,
): Promise<Observation> {
  const { servername = namesOfThisMachine.dns[0], hosts = [], pki } = settings;
  if (!needsOtherHost) return run(settings.servername === undefined ? {} : { hosts: { servername, otherPki: pki } });
  const others = hosts.filter((host) => host.servername !== settings.servername && host.pki.anchors !== pki.anchors);
  const observations: Observation[] = [];
  for (const other of others) {
    const observation = await run({ hosts: { servername, otherPki: other.pki }, other });
    if (refusalIn(observation) === undefined) return observation;
    observations.push(observation);
  }
  const unjudged = observations.find((each) => each.kind === 'nothing-seen' && each.assessment.unsuitable !== true);
  const judged = observations.find((each) => each.kind !== 'nothing-seen');
  return unjudged ?? judged ?? observations[0] ?? nothingSeen(unsuitable('no other host of the server has clients of another PKI'));
}
