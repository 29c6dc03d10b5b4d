import { MtlsFixturesError } from '../../errors/index.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { handshakeJson, handshakeLine } from '../output/handshake-line.ts';
import { print, printWords } from '../output/terminal.ts';

/** How handshakes are printed as they happen. */
export interface PrintedHandshakes {
  readonly count?: number | undefined;
  readonly explain?: true | undefined;
  readonly json?: true | undefined;
  /** Ends it too. */
  readonly until?: Promise<unknown> | undefined;
}

/** What records handshakes: a server, or a relay. */
interface Recorder {
  nextHandshake(options: { readonly timeout: number }): Promise<Handshake>;
}

/** Prints each handshake, until the command is interrupted or there were `count`. */
export async function printHandshakes(
  recorder: Recorder,
  { count = Number.POSITIVE_INFINITY, explain, json, until }: PrintedHandshakes,
): Promise<void> {
  let isOver = false;
  const interruption = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
    void until?.then(() => resolve(undefined));
  });
  try {
    for (let seen = 0; seen < count; seen += 1) {
      const handshake = await Promise.race([nextHandshake(recorder, () => isOver), interruption]);
      if (!handshake) return;
      if (json) print(handshakeJson(handshake));
      else printWords(explain ? `${handshake.explain()}\n` : handshakeLine(handshake));
    }
  } finally {
    isOver = true;
  }
}

/** Waits without a limit, and checks at intervals whether the command is over. */
async function nextHandshake(recorder: Recorder, isOver: () => boolean): Promise<Handshake | undefined> {
  while (!isOver()) {
    try {
      return await recorder.nextHandshake({ timeout: pollInterval });
    } catch (error) {
      if (!(error instanceof MtlsFixturesError && error.code === 'NO_HANDSHAKE')) throw error;
    }
  }
  return undefined;
}

/** Milliseconds: how long the command goes on after its interruption at most. */
const pollInterval = 300;
