import type { Side } from '../../wire/tap/capture.ts';
import type { BoundTokenScenario } from './bound-tokens/bound-token-scenario.ts';
import { allControls, type Control } from './findings/control.ts';
import type { ForwardedFormat } from '../../forwarded/format.ts';
import type { ForwardedScenario } from './forwarded/forwarded-scenario.ts';
import type { ProtocolScenario } from './protocol-scenario.ts';
import type { ClientScenario, ScenarioFacts, ServerScenario, TlsVersion } from './scenario.ts';

/** A scenario of any catalogue. */
export type Scenario = ClientScenario | ServerScenario | ProtocolScenario | ForwardedScenario | BoundTokenScenario;

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
  /** Whose credential it is, `protocol`, `forwarded`: what an application behind a proxy is sent, or `bound-token`: what a resource server is shown. */
  readonly role: Side | 'protocol' | 'forwarded' | 'bound-token';
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
  /** Of `forwarded`: the formats of headers that it is tried with. */
  readonly formats?: readonly ForwardedFormat[];
  /** Of `forwarded`: what it is sent to. */
  readonly through?: 'application' | 'proxy';
  /** Of `forwarded`: how it is tried, without what is sent; of `bound-token`: what is sent. */
  readonly trial?: object;
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
  if (scenario.role === 'forwarded') {
    const { underTest, formats, through, trial } = scenario;
    const { exchanges: _sent, ...how } = trial;
    return { underTest, versions: ['TLSv1.3', 'TLSv1.2'], versionless: true, formats, through, trial: how };
  }
  if (scenario.role === 'bound-token') return { underTest: scenario.underTest, versions: ['TLSv1.3', 'TLSv1.2'], trial: scenario.trial };
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
