import { verdictSentence } from '../../handshake/verdict/verdict-sentence.ts';
import type { ScenarioRecord } from '../../scenarios/records/scenario-record.ts';
import type { Outcome, PlannedTest, VersionPlan } from './suite-plan.ts';

/** The positive control of a version, without which nothing else of it is judged. */
export function controlTest({ end, options, version, controls, base }: VersionPlan, isSpoken: boolean): PlannedTest {
  const { controlTitle, controlRefused, controlUnjudged } = end;
  const run = async (): Promise<Outcome> => {
    const { refusal, handshake: seen } = await controls.of(version);
    if (refusal === undefined)
      return isSpoken
        ? { status: 'as-expected', message: `${controlTitle}, so the rest can be judged`, handshake: seen }
        : {
            status: 'not-judged',
            message: `not judged: ${version} was refused when the tests were defined and is spoken now; run them again`,
          };
    const { handshake } = refusal;
    if (await controls.lacks(version)) {
      const answer = handshake ? verdictSentence(handshake) : refusal.message;
      if (options.versions === undefined)
        return { status: 'skipped', message: `${doesNotSpeak(base)}: ${answer}`, isSkipped: true, handshake };
      return { status: 'unexpected', message: `${doesNotSpeak(base)}, which versions asks for: ${answer}`, handshake };
    }
    if (refusal.status === 'not-judged')
      return { status: 'not-judged', message: `${controlUnjudged}, so nothing else can be judged: ${refusal.message}`, handshake };
    return { status: 'unexpected', message: `${controlRefused}, so nothing else can be judged: ${refusal.message}`, handshake };
  };
  return { record: { ...base, ...controlFacts, kind: 'control', title: `${controlTitle} (control)` }, run };
}

/** The control once more, for a target that the scenarios have broken. */
export function lastControlTest(plan: VersionPlan): PlannedTest {
  const { end, version, controls, base } = plan;
  const run = async (): Promise<Outcome> => {
    if ((await controls.of(version)).refusal !== undefined) return withoutControl(plan);
    const { refusal, handshake } = await end.control(version);
    if (refusal === undefined) return { status: 'as-expected', message: `${end.controlTitle}, as before the scenarios`, handshake };
    // It was accepted before: one that cannot be reached any more, or hangs, was broken by the scenarios.
    const now = refusal.status === 'not-judged' ? end.controlUnjudged : end.controlRefused;
    return {
      status: 'unexpected',
      message: `${now} after the scenarios, though it was accepted before: ${refusal.message}`,
      handshake: refusal.handshake,
    };
  };
  return { record: { ...base, ...controlFacts, kind: 'last-control', title: `${end.controlTitle} still, after all of these` }, run };
}

/** The outcome of a test whose control was refused. */
export async function withoutControl({ end, version, controls, base }: VersionPlan): Promise<Outcome> {
  if (await controls.lacks(version)) return { status: 'skipped', message: doesNotSpeak(base), isSkipped: true, isAside: true };
  const { refusal } = await controls.of(version);
  const why = refusal?.status === 'not-judged' ? end.controlUnjudged : end.controlRefused;
  return { status: 'not-judged', message: `not judged: ${why}`, isSkipped: true };
}

function doesNotSpeak({ underTest, version }: VersionPlan['base']): string {
  return `the ${underTest} does not speak ${version}`;
}

/** What the record of a test says that is not of one scenario. */
export const controlFacts = {
  id: 'control',
  differs: 'nothing: it is the valid peer',
  group: 'controls',
  tier: 'control',
  references: [],
  cves: [],
  cwes: [],
  severity: 'informational',
  controls: [],
  expected: { verdict: 'accepted' },
} as const satisfies Partial<ScenarioRecord>;
