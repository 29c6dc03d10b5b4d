import type { ServerFault } from '../../faults/server/server-fault.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { AlertName } from '../../wire/records/alerts.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import type {
  ClientProtocolScenario,
  ClientTrial,
  HostsInTrial,
  ServerFaultTrial,
  ServerProtocolScenario,
  ServerTrial,
  ValidPeers,
} from './protocol-scenario.ts';
import { validPeers } from './authorization.ts';
import { type Divergences, divergenceList } from './divergences.ts';
import type { ExpectedReason } from './expected-reason.ts';
import type { ProtocolScenarioId } from './ids/protocol-ids.ts';
import { findingsOf } from './findings/findings-of.ts';
import { frozenSources, type SourcesInRow } from './references.ts';
import type { ExpectedOutcome, ScenarioFacts, TlsVersion } from './scenario.ts';

/** What both kinds of protocol scenarios are defined by. */
interface Definition extends Pick<ScenarioFacts, 'title' | 'tier' | 'differs'>, Partial<Pick<ScenarioFacts, 'severity'>>, SourcesInRow {
  readonly id: ProtocolScenarioId;
  /** Of both versions of TLS, or of each. */
  readonly expected: ExpectedOutcome | Readonly<Record<TlsVersion, ExpectedOutcome>>;
  /** Default both. */
  readonly versions?: readonly TlsVersion[];
  readonly versionless?: true;
  /** Stacks that answer otherwise than expected. */
  readonly divergences?: Divergences;
}

/** A client that misbehaves, for a server under test. */
export interface ServerDefinition
  extends Definition, Pick<ServerProtocolScenario, 'withoutCertificate' | 'byAttempt' | 'at' | 'needsOtherHost' | 'needsNoControl'> {
  readonly arrange: (pki: Pki, valid: ValidPeers, hosts: HostsInTrial) => ServerTrial;
}

/** A server that misbehaves, for a client under test. */
export interface ClientDefinition extends Definition, Pick<ClientProtocolScenario, 'calls'> {
  readonly arrange: (pki: Pki, valid: ValidPeers) => ClientTrial;
}

/** A table of scenarios for servers under test. Checks nothing: the tests do. */
export function forServers(...definitions: readonly ServerDefinition[]): readonly ServerProtocolScenario[] {
  return definitions.map(({ arrange, withoutCertificate, byAttempt, at, needsOtherHost, needsNoControl, ...definition }) =>
    Object.freeze({
      ...facts(definition),
      underTest: 'server',
      ...(withoutCertificate && { withoutCertificate }),
      ...(byAttempt && { byAttempt }),
      ...(at && { at }),
      ...(needsOtherHost && { needsOtherHost }),
      ...(needsNoControl && { needsNoControl }),
      arrange: (pki: Pki, valid = validPeers(), hosts = exampleHosts) => arrange(pki, valid, hosts),
    }),
  );
}

/** What a scenario about hosts is arranged for where nothing is said of the server. */
const exampleHosts: HostsInTrial = {
  servername: 'host.mtls-fixtures.test',
  get otherPki() {
    return createPki({ name: 'another host' });
  },
};

/** A table of scenarios for clients under test. Checks nothing: the tests do. */
export function forClients(...definitions: readonly ClientDefinition[]): readonly ClientProtocolScenario[] {
  return definitions.map(({ arrange, calls, ...definition }) =>
    Object.freeze({
      ...facts(definition),
      underTest: 'client',
      ...(calls && { calls }),
      arrange: (pki: Pki, valid = validPeers()) => arrange(pki, valid),
    }),
  );
}

/** A valid server, behind the fault. */
export function withServerFault(fault: ServerFault): (pki: Pki, valid: ValidPeers) => ServerFaultTrial {
  return (pki, valid) => ({ kind: 'server-fault', fault, identity: valid.server(pki) });
}

export const accepted: ExpectedOutcome = Object.freeze({ verdict: 'accepted' });

/** Rejected by this end; the reason as Node.js names it where it is known, the alert as OpenSSL sends it. */
export function rejectedBy(by: Side, reason?: ExpectedReason, alert?: AlertName): ExpectedOutcome {
  return Object.freeze({ verdict: 'rejected', by, ...(reason !== undefined && { reason }), ...(alert && { alert }) });
}

/** What differs between the versions. */
export function byVersion(tls13: ExpectedOutcome, tls12: ExpectedOutcome): Readonly<Record<TlsVersion, ExpectedOutcome>> {
  return Object.freeze({ 'TLSv1.3': tls13, 'TLSv1.2': tls12 });
}

/** A client that presents no certificate is refused. */
export const noCertificate: Readonly<Record<TlsVersion, ExpectedOutcome>> = byVersion(
  rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'certificate_required'),
  rejectedBy('server', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'handshake_failure'),
);

type Facts = Omit<ServerProtocolScenario, keyof Omit<ServerDefinition, keyof Definition> | 'underTest'>;

function facts({ expected, versions = bothVersions, versionless, divergences = {}, ...rest }: Definition): Facts {
  const outcomes = 'verdict' in expected ? byVersion(expected, expected) : expected;
  return {
    role: 'protocol',
    group: 'protocol',
    ...rest,
    ...frozenSources(rest),
    ...findingsOf({ ...rest, role: 'protocol', group: 'protocol', expected: outcomes }),
    expected: outcomes,
    versions,
    ...(versionless && { versionless }),
    divergences: Object.freeze(divergenceList(divergences)),
  };
}

const bothVersions: readonly TlsVersion[] = Object.freeze(['TLSv1.3', 'TLSv1.2']);
