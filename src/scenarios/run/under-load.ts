import { asExpected, notJudged, type Seen, unexpected } from '../records/scenario-result.ts';

/** Changes of what a server presents, and the clients that connect meanwhile. */
export interface ChangesUnderLoad {
  /** What the changes are, for messages: `reloads`. */
  readonly what: string;
  readonly times: number;
  /** Makes one of them, the first of which is number 1. The reason where the server does not follow. */
  readonly change: (number: number) => Promise<string | undefined>;
  /** One connection of a client: as expected where it was accepted. */
  readonly connect: () => Promise<Seen>;
}

/** Makes the changes one after the other while clients connect. */
export async function runChangesUnderLoad({ what, times, change, connect }: ChangesUnderLoad): Promise<Seen> {
  const load = new Load(connect);
  const running = Array.from({ length: clients }, () => load.run());
  let problem: string | undefined;
  try {
    for (let number = 1; number <= times && problem === undefined; number += 1) problem = await change(number);
  } finally {
    load.stop();
    await Promise.all(running);
  }
  if (load.failure) return load.failure;
  if (problem !== undefined) return unexpected(problem);
  if (load.unjudged !== undefined) return notJudged(`not judged: a connection under load was not judged: ${load.unjudged}`);
  return load.accepted === 0
    ? notJudged(`not judged: no client was done with its connection during the ${what}`)
    : asExpected(`all ${load.accepted} connections during ${times} ${what} were accepted, as expected`);
}

/** Clients that connect one time after the other, until they are told to stop or one of them fails. */
class Load {
  readonly #connect: () => Promise<Seen>;
  #isOver = false;
  accepted = 0;
  failure: Seen | undefined;
  unjudged: string | undefined;

  constructor(connect: () => Promise<Seen>) {
    this.#connect = connect;
  }

  stop(): void {
    this.#isOver = true;
  }

  async run(): Promise<void> {
    while (!this.#isOver && !this.failure) {
      const seen = await this.#connect();
      if (seen.status === 'as-expected') this.accepted += 1;
      else if (seen.status === 'not-judged') this.unjudged ??= seen.message;
      else this.failure ??= seen;
    }
  }
}

const clients = 4;
