import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import type {
  ClientProtocolScenario,
  ProtocolScenario,
  ServerProtocolScenario,
} from '../../../src/scenarios/catalogue/protocol-scenario.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';

export const forServers: readonly ServerProtocolScenario[] = protocolScenarios.filter((each) => each.underTest === 'server');
export const forClients: readonly ClientProtocolScenario[] = protocolScenarios.filter((each) => each.underTest === 'client');

/** A scenario for servers by its id. */
export function onServer(id: string): ServerProtocolScenario {
  return byId(forServers, id);
}

/** A scenario for clients by its id. */
export function onClient(id: string): ClientProtocolScenario {
  return byId(forClients, id);
}

/** Each scenario with each version that makes a difference. */
export function withVersions<Scenario extends ProtocolScenario>(
  scenarios: readonly Scenario[],
): readonly { readonly id: string; readonly version: TlsVersion; readonly scenario: Scenario }[] {
  return scenarios.flatMap((scenario) =>
    scenario.versions.slice(0, scenario.versionless ? 1 : undefined).map((version) => ({ id: scenario.id, version, scenario })),
  );
}

function byId<Scenario extends { readonly id: string }>(scenarios: readonly Scenario[], id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (!found) throw new RangeError(`there is no scenario ${id}`);
  return found;
}
