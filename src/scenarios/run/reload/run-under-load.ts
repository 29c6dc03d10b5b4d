import { MtlsFixturesError } from '../../../errors/index.ts';
import type { OpenConnection } from '../../../handshake/attempt/open-connection.ts';
import { verdictSentence } from '../../../handshake/verdict/verdict-sentence.ts';
import type { LoadTrial } from '../../catalogue/reload/reload-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import type { ReloadedServer } from './reloaded-server.ts';
import { requestFailure, requestOf, withConnection } from './requests.ts';
import { tryValid } from './try-client.ts';

/** Replaces the files again and again while clients connect. */
export async function runUnderLoad({ reloads }: LoadTrial, server: ReloadedServer): Promise<Seen> {
  const load = new Load(server, await answers(server));
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

/** Whether it answers a request when it does not reload. */
function answers(server: ReloadedServer): Promise<boolean> {
  return withConnection(
    server,
    async (connection) => connection.isOpen && (await requestFailure(connection, requestOf(server), server)) === undefined,
  );
}

/** Clients that connect one time after the other, until they are told to stop. */
class Load {
  readonly #server: ReloadedServer;
  readonly #answers: boolean;
  #isOver = false;
  accepted = 0;
  failure: Seen | undefined;
  unjudged: string | undefined;

  constructor(server: ReloadedServer, hasAnswers: boolean) {
    this.#server = server;
    this.#answers = hasAnswers;
  }

  stop(): void {
    this.#isOver = true;
  }

  async connect(): Promise<void> {
    while (!this.#isOver && !this.failure) await (this.#server.settings.attempt ? this.#attempt() : this.#request());
  }

  async #attempt(): Promise<void> {
    const seen = await tryValid(this.#server);
    if (seen.status === 'as-expected') this.accepted += 1;
    else this.failure ??= { ...seen, status: 'unexpected', message: `a connection during the reloads: ${seen.message}` };
  }

  async #request(): Promise<void> {
    try {
      this.failure ??= await withConnection(this.#server, (connection) => this.#failureOn(connection));
      this.accepted += 1;
    } catch (error) {
      if (!(error instanceof MtlsFixturesError)) throw error;
      // A busy machine is late as well.
      if (error.code === 'HANDSHAKE_TIMEOUT') this.unjudged ??= error.message;
      else this.failure ??= unexpected(`a connection during the reloads failed: ${error.message}`);
    }
  }

  async #failureOn(connection: OpenConnection): Promise<Seen | undefined> {
    const { handshake } = connection;
    if (handshake.verdict === 'rejected')
      return { status: 'unexpected', message: `a connection during the reloads was ${verdictSentence(handshake)}`, handshake };
    const failure = this.#answers ? await requestFailure(connection, requestOf(this.#server), this.#server) : undefined;
    return failure === undefined ? undefined : unexpected(`a request during the reloads failed: ${failure}`);
  }
}

const clients = 4;
