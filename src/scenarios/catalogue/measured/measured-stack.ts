import type { CredentialScenarioId } from '../ids/credential-ids.ts';
import type { Divergence, ExpectedOutcome, Stack, StackAlert, TlsVersion } from '../scenario.ts';
import type { Side } from '../../../wire/tap/capture.ts';

/** What was measured of one stack over the whole catalogue of credentials: where it answers otherwise than is expected. */
export interface MeasuredStack {
  readonly stack: Stack;
  /** As a server, of client credentials. */
  readonly client: MeasuredAnswers;
  /** As a client, of server credentials. */
  readonly server: MeasuredAnswers;
}

/** Ids of scenarios: where the stack accepts what is to be refused, or refuses what is to be accepted. */
interface MeasuredAnswers {
  /** With both versions of TLS. */
  readonly both?: readonly CredentialScenarioId[];
  readonly 'TLSv1.3'?: readonly CredentialScenarioId[];
  readonly 'TLSv1.2'?: readonly CredentialScenarioId[];
  /** Where it refuses as expected, by an alert whose name does not stand for a certificate. */
  readonly alerts?: Readonly<Partial<Record<StackAlert['alert'], Omit<MeasuredAnswers, 'alerts'>>>>;
}

/** How the measured stacks diverge in one scenario. */
export function measuredDivergences(
  stacks: readonly MeasuredStack[],
  {
    id,
    presenter,
    expected,
  }: { readonly id: CredentialScenarioId; readonly presenter: Side; readonly expected: Readonly<Record<TlsVersion, ExpectedOutcome>> },
): readonly Divergence[] {
  return stacks.flatMap(({ stack, [presenter]: answers }) =>
    versionsOf(answers, id).map((version): Divergence =>
      Object.freeze({
        stack,
        verdict: expected[version ?? 'TLSv1.3'].verdict === 'accepted' ? 'rejected' : 'accepted',
        ...(version && { version }),
      }),
    ),
  );
}

/** The alerts by which the measured stacks answer one scenario. */
export function measuredAlerts(
  stacks: readonly MeasuredStack[],
  { id, presenter }: { readonly id: CredentialScenarioId; readonly presenter: Side },
): readonly StackAlert[] {
  return stacks.flatMap(({ stack, [presenter]: { alerts = {} } }) =>
    Object.entries(alerts).flatMap(([alert, answers]) =>
      versionsOf(answers, id).map(
        (version): StackAlert => Object.freeze({ stack, alert: alert as StackAlert['alert'], ...(version && { version }) }), // a key of that record
      ),
    ),
  );
}

/** Undefined stands for both. */
function versionsOf(answers: Omit<MeasuredAnswers, 'alerts'>, id: CredentialScenarioId): readonly (TlsVersion | undefined)[] {
  if (answers.both?.includes(id) === true) return [undefined];
  return (['TLSv1.3', 'TLSv1.2'] as const).filter((version) => answers[version]?.includes(id) === true);
}
