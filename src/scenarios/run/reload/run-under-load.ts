import { MtlsFixturesError } from '../../../errors/index.ts';
import { attemptHandshake } from '../../../handshake/attempt/attempt-handshake.ts';
import { verdictSentence } from '../../../handshake/verdict/verdict-sentence.ts';
import type { LoadTrial } from '../../catalogue/reload/reload-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';

/** Replaces the files again and again while clients connect. */
export async function runUnderLoad({ reloads }: LoadTrial, server: ReloadedServer): Promise<Seen> {
  const load = new Load(server);
  const running = Array.from({ length: clients }, () => load.connect());
  let problem: string | undefined;
  try {
    for (let done = 0; done < reloads && problem === undefined; done += 1)
      problem = await server.renew(server.clients, { underLoad: true });
  } finally {
    load.stop();
    await Promise.all(running);
  }
  if (load.failure) return load.failure;
  if (problem !== undefined) return unexpected(problem);
  if (load.unjudged !== undefined) return notJudged(`not judged: a connection under load was not judged: ${load.unjudged}`);
  return load.accepted === 0
    ? notJudged('not judged: no client was done with its connection during the reloads')
    : asExpected(`all ${load.accepted} connections during ${reloads} reloads were accepted, as expected`);
}

/** Clients that connect one time after the other, until they are told to stop. */
class Load {
  readonly #server: ReloadedServer;
  #isOver = false;
  accepted = 0;
  failure: Seen | undefined;
  unjudged: string | undefined;

  constructor(server: ReloadedServer) {
    this.#server = server;
  }

  stop(): void {
    this.#isOver = true;
  }

  async connect(): Promise<void> {
    const { pki, version, timeout } = this.#server.settings;
    const options = { identity: pki.client('client'), trust: pki.anchors, minVersion: version, maxVersion: version, timeout };
    while (!this.#isOver && !this.failure) await this.#tryOnce(options);
  }

  async #tryOnce(options: Parameters<typeof attemptHandshake>[1]): Promise<void> {
    try {
      const handshake = await attemptHandshake(this.#server.target, options);
      if (handshake.verdict === 'accepted') this.accepted += 1;
      else this.failure = { status: 'unexpected', message: `a connection during the reloads was ${verdictSentence(handshake)}`, handshake };
    } catch (error) {
      if (!(error instanceof MtlsFixturesError)) throw error;
      // A busy machine is late as well.
      if (error.code === 'HANDSHAKE_TIMEOUT') this.unjudged ??= error.message;
      else this.failure ??= unexpected(`a connection during the reloads failed: ${error.message}`);
    }
  }
}

const clients = 4;
