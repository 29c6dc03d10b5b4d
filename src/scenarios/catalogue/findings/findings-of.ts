import type { Side } from '../../../wire/tap/capture.ts';
import type { ControlId } from './control.ts';
import { controlsOf } from './controls-of.ts';
import type { Cwe, Severity } from '../references.ts';
import type { ExpectedOutcome, ScenarioFacts, TlsVersion } from '../scenario.ts';

/** What a row says of a finding, or leaves to the rule. */
interface Row extends Pick<ScenarioFacts, 'id' | 'group' | 'tier'> {
  readonly role: Side | 'protocol' | 'reload' | 'forwarded' | 'bound-token' | 'spiffe';
  readonly expected: Readonly<Record<TlsVersion, ExpectedOutcome>>;
  readonly severity?: Severity;
  readonly cwes?: readonly Cwe[];
}

/** What it means that a target answers otherwise than a scenario expects. */
export function findingsOf(row: Row): {
  readonly severity: Severity;
  readonly cwes: readonly Cwe[];
  readonly controls: readonly ControlId[];
} {
  const severity = row.severity ?? (mustBeRejected(row) ? 'low' : 'informational');
  const cwes = row.cwes && row.cwes.length > 0 ? row.cwes : [usualWeakness(row, severity)];
  return { severity, cwes: Object.freeze(cwes), controls: Object.freeze(controlsOf({ ...row, severity })) };
}

/** Local policy and what an application decides are not: their rows give a severity where there is one. */
function mustBeRejected({ tier, expected }: Row): boolean {
  return (tier === 'core' || tier === 'extended') && Object.values(expected).some(({ verdict }) => verdict === 'rejected');
}

/** Of a row that names none. */
function usualWeakness({ role }: Row, severity: Severity): Cwe {
  if (severity === 'informational') return 'CWE-440';
  return role === 'client' || role === 'server' ? 'CWE-295' : 'CWE-358';
}
