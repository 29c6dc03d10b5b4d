import type { Side } from '../../wire/tap/capture.ts';
import type { AlertName } from '../../wire/records/alerts.ts';
import type { Pki } from '../../pki/pki.ts';
import type { ClientProtocolScenario, ClientTrial, ServerProtocolScenario, ServerTrial, ValidPeers } from './protocol-scenario.ts';
import { validPeers } from './authorization.ts';
import type { Divergence, ExpectedOutcome, ScenarioFacts, Stack, TlsVersion } from './scenario.ts';

/** What both kinds of protocol scenarios are defined by. */
interface Definition extends Pick<ScenarioFacts, 'id' | 'title' | 'tier' | 'reference' | 'differs'> {
  /** Of both versions of TLS, or of each. */
  readonly expected: ExpectedOutcome | Readonly<Record<TlsVersion, ExpectedOutcome>>;
  /** Default both. */
  readonly versions?: readonly TlsVersion[];
  readonly versionless?: true;
  /** Stacks that were measured to accept what is to be refused; with the version where it is one only. */
  readonly acceptedBy?: readonly (Stack | { readonly stack: Stack; readonly version: TlsVersion })[];
}

/** A client that misbehaves, for a server under test. */
export interface ServerDefinition extends Definition, Pick<ServerProtocolScenario, 'withoutCertificate'> {
  readonly arrange: (pki: Pki, valid: ValidPeers) => ServerTrial;
}

/** A server that misbehaves, for a client under test. */
export interface ClientDefinition extends Definition {
  readonly arrange: (pki: Pki, valid: ValidPeers) => ClientTrial;
}

/** A table of scenarios for servers under test. Checks nothing: the tests do. */
export function forServers(...definitions: readonly ServerDefinition[]): readonly ServerProtocolScenario[] {
  return definitions.map(({ arrange, withoutCertificate, ...definition }) =>
    Object.freeze({
      ...facts(definition),
      underTest: 'server',
      ...(withoutCertificate && { withoutCertificate }),
      arrange: (pki: Pki, valid = validPeers()) => arrange(pki, valid),
    }),
  );
}

/** A table of scenarios for clients under test. Checks nothing: the tests do. */
export function forClients(...definitions: readonly ClientDefinition[]): readonly ClientProtocolScenario[] {
  return definitions.map(({ arrange, ...definition }) =>
    Object.freeze({ ...facts(definition), underTest: 'client', arrange: (pki: Pki, valid = validPeers()) => arrange(pki, valid) }),
  );
}

export const accepted: ExpectedOutcome = Object.freeze({ verdict: 'accepted' });

/** Rejected by this end; the reason as Node.js names it where it is known, the alert as OpenSSL sends it. */
export function rejectedBy(by: Side, reason?: string, alert?: AlertName): ExpectedOutcome {
  return Object.freeze({ verdict: 'rejected', by, ...(reason !== undefined && { reason }), ...(alert && { alert }) });
}

/** What differs between the versions. */
export function byVersion(tls13: ExpectedOutcome, tls12: ExpectedOutcome): Readonly<Record<TlsVersion, ExpectedOutcome>> {
  return Object.freeze({ 'TLSv1.3': tls13, 'TLSv1.2': tls12 });
}

type Facts = Omit<ServerProtocolScenario, 'underTest' | 'arrange' | 'withoutCertificate'>;

function facts({ expected, versions = bothVersions, versionless, acceptedBy = [], ...rest }: Definition): Facts {
  const divergences = acceptedBy.map((each): Divergence =>
    Object.freeze({ ...(typeof each === 'string' ? { stack: each } : each), verdict: 'accepted' }),
  );
  return {
    role: 'protocol',
    group: 'protocol',
    ...rest,
    expected: 'verdict' in expected ? byVersion(expected, expected) : expected,
    versions,
    ...(versionless && { versionless }),
    divergences: Object.freeze(divergences),
  };
}

const bothVersions: readonly TlsVersion[] = Object.freeze(['TLSv1.3', 'TLSv1.2']);
