import type { Side } from '../../wire/tap/capture.ts';
import type { ProtocolScenario } from './protocol-scenario.ts';
import type { ClientScenario, ScenarioFacts, ServerScenario, TlsVersion } from './scenario.ts';

/** A scenario of any catalogue. */
export type Scenario = ClientScenario | ServerScenario | ProtocolScenario;

/** The catalogue as data for other tools, as `docs/scenarios.schema.json` describes it. */
interface CatalogueDocument {
  /** Changes when the shape does. */
  readonly schema: 1;
  readonly scenarios: readonly ScenarioEntry[];
}

/** One scenario; everything but what mints its credentials. */
interface ScenarioEntry extends ScenarioFacts {
  /** Whose credential it is, or `protocol`. */
  readonly role: Side | 'protocol';
  /** The end that is under test. */
  readonly underTest: Side;
  /** The versions of TLS with which it makes sense. */
  readonly versions: readonly TlsVersion[];
  /** Nothing of it depends on the version. */
  readonly versionless?: true;
  /** One client is called twice. */
  readonly calls?: 2;
  /** Nothing is wrong but that no client certificate is presented. */
  readonly withoutCertificate?: true;
}

/** Scenarios as data, without functions. */
export function catalogueDocument(scenarios: readonly Scenario[]): CatalogueDocument {
  return { schema: 1, scenarios: scenarios.map(entry) };
}

function entry(scenario: Scenario): ScenarioEntry {
  const { role, id, title, group, tier, severity, differs, references, cves, cwes, expected, divergences, stackAlerts, impersonates } =
    scenario;
  return {
    role,
    ...trialOf(scenario),
    id,
    title,
    group,
    tier,
    ...(severity && { severity }),
    differs,
    references,
    cves,
    cwes,
    expected,
    divergences,
    ...(stackAlerts && { stackAlerts }),
    ...(impersonates && { impersonates }),
  };
}

function trialOf(scenario: Scenario): Pick<ScenarioEntry, 'underTest' | 'versions' | 'versionless' | 'calls' | 'withoutCertificate'> {
  if (scenario.role !== 'protocol')
    return { underTest: scenario.role === 'client' ? 'server' : 'client', versions: ['TLSv1.3', 'TLSv1.2'] };
  const { underTest, versions, versionless } = scenario;
  return {
    underTest,
    versions,
    ...(versionless && { versionless }),
    ...(underTest === 'client' && scenario.calls && { calls: scenario.calls }),
    ...(underTest === 'server' && scenario.withoutCertificate && { withoutCertificate: true }),
  };
}
