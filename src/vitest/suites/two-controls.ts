import { describeErrors } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import { notJudged, type Seen } from '../../scenarios/records/scenario-result.ts';
import type { Outcome } from './suite-plan.ts';

/** The positive and the negative control of a suite, each tried when it is first asked for. */
export class TwoControls {
  readonly #positive: () => Promise<Seen>;
  readonly #negative: () => Promise<Seen>;
  #accepted: Promise<Seen> | undefined;
  #refused: Promise<Seen> | undefined;

  constructor({ positive, negative }: { readonly positive: () => Promise<Seen>; readonly negative: () => Promise<Seen> }) {
    this.#positive = positive;
    this.#negative = negative;
  }

  /** Why nothing can be judged; undefined where everything can. Without the negative control where that is what is judged. */
  async failure({ needsNegative }: { readonly needsNegative: boolean }): Promise<Seen | undefined> {
    const accepted = await (this.#accepted ??= tried(this.#positive));
    if (accepted.status !== 'as-expected') return accepted;
    if (!needsNegative) return undefined;
    const refused = await (this.#refused ??= tried(this.#negative));
    return refused.status === 'as-expected' ? undefined : refused;
  }

  async first(): Promise<Outcome> {
    const failure = await this.failure({ needsNegative: true });
    if (failure) return { ...failure, message: `nothing else can be judged: ${failure.message}` };
    return { status: 'as-expected', message: 'so the rest can be judged' };
  }

  /** Of what the scenarios have left. */
  async last(): Promise<Outcome> {
    if (await this.failure({ needsNegative: true })) return withoutControl;
    for (const run of [this.#positive, this.#negative]) {
      const again = await tried(run);
      if (again.status !== 'as-expected') return { ...again, message: `after the scenarios: ${again.message}` };
    }
    return { status: 'as-expected', message: 'as before the scenarios' };
  }
}

/** The outcome of a test whose control failed. */
export const withoutControl: Outcome = { status: 'not-judged', message: 'not judged: the control failed', isSkipped: true };

/** An error, e.g. of a function of the user's, fails the control alone, and not each test behind it. */
async function tried(run: () => Promise<Seen>): Promise<Seen> {
  try {
    return await run();
  } catch (error) {
    return notJudged(`not judged: ${describeErrors(error)}`);
  }
}
