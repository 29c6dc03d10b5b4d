import type { ProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import type { ClientScenario, ServerScenario, TlsVersion } from '../../scenarios/catalogue/scenario.ts';

/** Whether a suite runs a scenario with this one of its versions: credentials with each, what depends on no version once, the rest where it makes sense. */
export function isRunWith(
  scenario: ClientScenario | ServerScenario | ProtocolScenario,
  { version, versions }: { readonly version: TlsVersion; readonly versions: readonly TlsVersion[] },
): boolean {
  if (scenario.role !== 'protocol') return true;
  return scenario.versionless ? version === versions[0] : scenario.versions.includes(version);
}
