import type { Side } from '../../wire/tap/capture.ts';
import { allControls, type Control } from './findings/control.ts';
import type { ProtocolScenario } from './protocol-scenario.ts';
import type { ClientScenario, ScenarioFacts, ServerScenario, TlsVersion } from './scenario.ts';

/** A scenario of any catalogue. */
export type Scenario = ClientScenario | ServerScenario | ProtocolScenario;

/** The catalogue as data for other tools, as `docs/scenarios.schema.json` describes it. */
interface CatalogueDocument {
  /** Changes when the shape does. */
  readonly schema: 1;
  /** What the controls of the scenarios are. */
  readonly controls: readonly Control[];
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
  /** Nothing is wrong but the credential. */
  readonly byAttempt?: true;
  /** Of a server with several hosts: run for its default alone, or for each named host alone. */
  readonly at?: 'default' | 'host';
  /** It needs another host of the server. */
  readonly needsOtherHost?: true;
  /** What it finds accepted is wrong also where the valid client is refused. */
  readonly needsNoControl?: true;
  /** Its certificate names an OCSP responder, which has to run. */
  readonly needsResponder?: true;
}

/** Scenarios as data, without functions. */
export function catalogueDocument(scenarios: readonly Scenario[]): CatalogueDocument {
  return { schema: 1, controls: allControls(), scenarios: scenarios.map(entry) };
}

function entry(scenario: Scenario): ScenarioEntry {
  const {
    role,
    id,
    title,
    group,
    tier,
    severity,
    differs,
    references,
    cves,
    cwes,
    controls,
    expected,
    divergences,
    stackAlerts,
    impersonates,
  } = scenario;
  return {
    role,
    ...trialOf(scenario),
    id,
    title,
    group,
    tier,
    severity,
    differs,
    references,
    cves,
    cwes,
    controls,
    expected,
    divergences,
    ...(stackAlerts && { stackAlerts }),
    ...(impersonates && { impersonates }),
  };
}

type Trial = Omit<ScenarioEntry, keyof ScenarioFacts | 'role'>;

function trialOf(scenario: Scenario): Trial {
  if (scenario.role !== 'protocol')
    return {
      underTest: scenario.role === 'client' ? 'server' : 'client',
      versions: ['TLSv1.3', 'TLSv1.2'],
      ...(scenario.needsResponder && { needsResponder: true }),
    };
  const { underTest, versions, versionless } = scenario;
  const trial = { underTest, versions, ...(versionless && { versionless }) };
  if (scenario.underTest === 'client') return { ...trial, ...(scenario.calls && { calls: scenario.calls }) };
  const { withoutCertificate, byAttempt, at, needsOtherHost, needsNoControl } = scenario;
  return {
    ...trial,
    ...(withoutCertificate && { withoutCertificate }),
    ...(byAttempt && { byAttempt }),
    ...(at && { at }),
    ...(needsOtherHost && { needsOtherHost }),
    ...(needsNoControl && { needsNoControl }),
  };
}
