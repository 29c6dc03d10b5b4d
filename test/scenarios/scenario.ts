import { clientScenarios, serverScenarios } from '../../src/scenarios/catalogue/catalogue.ts';
import type { ClientScenario, ServerScenario } from '../../src/scenarios/catalogue/scenario.ts';

/** A client scenario by its id. */
export function clientScenario(id: string): ClientScenario {
  return byId(clientScenarios, id);
}

/** A server scenario by its id. */
export function serverScenario(id: string): ServerScenario {
  return byId(serverScenarios, id);
}

function byId<Scenario extends { readonly id: string }>(scenarios: readonly Scenario[], id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (!found) throw new RangeError(`there is no scenario ${id}`);
  return found;
}
