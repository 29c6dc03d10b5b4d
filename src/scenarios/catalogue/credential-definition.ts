import type { Side } from '../../wire/tap/capture.ts';
import type { AlertName } from '../../wire/records/alerts.ts';
import { alertNameForVerifyCode } from '../../handshake/verdict/reasons/reasons.ts';
import type { Pki } from '../../pki/pki.ts';
import { type Divergences, divergenceList } from './divergences.ts';
import type { ExpectedReason } from './expected-reason.ts';
import type { CredentialScenarioId } from './ids/credential-ids.ts';
import { findingsOf } from './findings/findings-of.ts';
import { frozenSources, type SourcesInRow } from './references.ts';
import type { ArrangedWith, CredentialScenario, ExpectedOutcome, ScenarioFacts, ScenarioTier, TlsVersion } from './scenario.ts';
import { CredentialDraft } from '../drafts/credential-draft.ts';
import { measuredStacks } from './measured/index.ts';
import { measuredAlerts, measuredDivergences } from './measured/measured-stack.ts';

/** A change of a credential: makes it wrong, or prepares it. */
export type Change = (draft: CredentialDraft) => void;

/** What a credential comes to; no reason where every stack names another. */
export type Outcome =
  | 'accepted'
  | {
      readonly reason?: ExpectedReason;
      readonly alert?: AlertName;
      readonly alerts?: readonly AlertName[];
      readonly by?: Side | 'presenter';
    };

/** What may differ between the roles. */
interface ByRole {
  readonly tier?: ScenarioTier;
  /** What to expect; of both versions of TLS, or of each. */
  readonly expected?: Outcome | Readonly<Record<TlsVersion, Outcome>>;
  /** Stacks that answer otherwise than expected. */
  readonly divergences?: Divergences;
}

/** One way in which a credential is wrong or unusual, for one role or both. */
export interface CredentialDefinition
  extends
    Pick<ScenarioFacts, 'title' | 'group' | 'differs' | 'impersonates'>,
    Partial<Pick<ScenarioFacts, 'severity'>>,
    SourcesInRow,
    ByRole {
  readonly id: CredentialScenarioId;
  readonly tier: ScenarioTier;
  /** Who can have such a credential; default both. */
  readonly role?: Side;
  readonly client?: ByRole;
  readonly server?: ByRole;
  /** Its certificates name an OCSP responder. */
  readonly needsResponder?: true;
  /** What makes a valid credential in which the fault can be; accepted by itself. */
  readonly valid?: Change;
  /** The one respect. */
  readonly fault: Change;
}

/** Rejected, for a reason that every stack names in its own way. */
export const refused: Outcome = {};

/** Node.js cannot present the credential: the side that is to do so ends the handshake itself, with this alert, and the other side does not judge. */
export function cannotPresent(alert: AlertName): Outcome {
  return { alert, by: 'presenter' };
}

/** Rejected for this reason, with the alert that OpenSSL's servers send for it unless it is given; after it those that an RFC demands or allows for this fault alone. */
export function rejected(reason: ExpectedReason, alert?: AlertName, ...alerts: readonly AlertName[]): Outcome {
  return { reason, alert: alert ?? alertNameForVerifyCode(reason), ...(alerts.length > 0 && { alerts: Object.freeze(alerts) }) };
}

/** A table of credentials, made when it is first read: importing this package does not wait for it. */
export type CredentialTable = () => readonly CredentialDefinition[];

/** The scenarios of one role. */
export function scenariosOf<Role extends Side>(
  role: Role,
  definitions: readonly CredentialDefinition[],
): readonly CredentialScenario<Role>[] {
  return definitions.filter((definition) => definition.role === undefined || definition.role === role).map((each) => scenario(role, each));
}

function scenario<Role extends Side>(role: Role, definition: CredentialDefinition): CredentialScenario<Role> {
  const { id, title, group, differs, impersonates, needsResponder, valid = nothing, fault } = definition;
  const own: ByRole = (role === 'client' ? definition.client : definition.server) ?? {};
  const { tier = definition.tier, expected = definition.expected ?? 'accepted', divergences = definition.divergences ?? {} } = own;
  const arranged = (pki: Pki, needs: ArrangedWith | undefined, ...changes: readonly Change[]): ReturnType<CredentialDraft['arrange']> => {
    const draft = new CredentialDraft(role, pki, needs);
    for (const change of changes) change(draft);
    return draft.arrange();
  };
  const outcomes = Object.freeze({
    'TLSv1.3': outcome(role, isByVersion(expected) ? expected['TLSv1.3'] : expected),
    'TLSv1.2': outcome(role, isByVersion(expected) ? expected['TLSv1.2'] : expected),
  });
  const stackAlerts = measuredAlerts(measuredStacks, { id, presenter: role });
  return Object.freeze({
    role,
    id,
    title,
    group,
    tier,
    differs,
    ...frozenSources(definition),
    ...findingsOf({ ...definition, role, tier, expected: outcomes }),
    expected: outcomes,
    divergences: Object.freeze([
      ...divergenceList(divergences),
      ...measuredDivergences(measuredStacks, { id, presenter: role, expected: outcomes }),
    ]),
    ...(stackAlerts.length > 0 && { stackAlerts: Object.freeze(stackAlerts) }),
    ...(impersonates && { impersonates: Object.freeze(impersonates) }),
    ...(needsResponder && { needsResponder }),
    arrange: (pki: Pki, needs?: ArrangedWith) => arranged(pki, needs, valid, fault),
    control: (pki: Pki, needs?: ArrangedWith) => arranged(pki, needs, valid),
  });
}

function outcome(presenter: Side, expected: Outcome): ExpectedOutcome {
  if (expected === 'accepted') return Object.freeze({ verdict: 'accepted' });
  const judge: Side = presenter === 'client' ? 'server' : 'client';
  return Object.freeze({ verdict: 'rejected', ...expected, by: expected.by === 'presenter' ? presenter : (expected.by ?? judge) });
}

function isByVersion(expected: NonNullable<ByRole['expected']>): expected is Readonly<Record<TlsVersion, Outcome>> {
  return typeof expected === 'object' && 'TLSv1.3' in expected;
}

function nothing(): void {
  // a valid credential needs no preparation
}
