import { notJudged, type Seen, unexpected } from '../records/scenario-result.ts';
import { ExclusiveUse } from './server/server-under-test.ts';

/** How what is under test gets into its usual state. Each returns the reason where it does not. */
export interface UsualState {
  /** By starting it again. */
  readonly renew: () => Promise<string | undefined>;
  /** After a scenario that ended as expected. */
  readonly restore: () => Promise<string | undefined>;
}

/** Runs scenarios one after the other with what is under test in its usual state: started again where the last one has broken it. */
export class OneAtATime {
  readonly #usual: UsualState;
  readonly #use = new ExclusiveUse();
  #isBroken = false;

  constructor(usual: UsualState) {
    this.#usual = usual;
  }

  async run(scenario: () => Promise<Seen>): Promise<Seen> {
    const leave = await this.#use.claim();
    try {
      const problem = this.#isBroken ? await this.#usual.renew() : undefined;
      this.#isBroken = true; // until it has ended well
      if (problem !== undefined) return notJudged(`not judged: ${problem}`);
      const seen = await scenario();
      const stuck = seen.status === 'as-expected' ? await this.#usual.restore() : undefined;
      this.#isBroken = seen.status !== 'as-expected' || stuck !== undefined;
      return stuck === undefined ? seen : unexpected(`${seen.message}; but afterwards: ${stuck}`);
    } finally {
      leave();
    }
  }
}
