import { MtlsFixturesError } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { type OpenConnection, openConnection } from '../../../handshake/attempt/open-connection.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { verdictSentence } from '../../../handshake/verdict/verdict-sentence.ts';
import type { Identity } from '../../../pki/identity.ts';
import { type AnswerRules, type AnswerSeen, readAnswer } from '../forwarded/assess-answer.ts';
import { type HttpAnswer, HttpAnswerReader } from '../forwarded/http-answers.ts';
import { endWith, type ForwardedEndpoint, isAnswer, type NoAnswer, RawConnection } from '../forwarded/raw-connection.ts';
import type { BoundTokensSettings } from './bound-token-settings.ts';

/** A connection to a resource server. */
export interface ResourceConnection {
  /** Of a client that performs it. */
  readonly handshake?: Handshake;
  /** Sends a request, and reads what the resource server makes of it. */
  send(request: Uint8Array): Promise<ResourceAnswer>;
  close(): Promise<void>;
}

/** What a resource server makes of a request. */
export interface ResourceAnswer extends AnswerSeen {
  /** The connection has ended without an answer. */
  readonly isClosed?: true;
}

/** The connection of a proxy. Throws `CONNECT_FAILED`. */
export async function connectAsProxy(endpoint: ForwardedEndpoint, { timeout, refusals }: BoundTokensSettings): Promise<ResourceConnection> {
  const connection = await RawConnection.open(endpoint, timeout);
  return {
    send: async (request) => {
      connection.send(request);
      return resourceAnswer(await connection.next(timeout), { refusals });
    },
    close: async () => connection.close(),
  };
}

/** The connection of a client by mutual TLS; a handshake that the resource server rejects refuses every request. Throws `CONNECT_FAILED` and `HANDSHAKE_TIMEOUT`. */
export async function connectAsClient(
  target: ObservedServer | Endpoint,
  { identity, session }: { readonly identity: Identity | undefined; readonly session?: Buffer | undefined },
  { pki, version, timeout, refusals }: BoundTokensSettings,
): Promise<ResourceConnection> {
  const connection = await openConnection(target, {
    trust: pki.anchors,
    minVersion: version,
    maxVersion: version,
    timeout,
    quietPeriod: 1, // the answer to the request says whether it is accepted
    ...(identity && { identity }),
    ...(session && { session }),
  });
  const rules = { refusals, malformed: identity === undefined }; // a client without certificate need not get an answer
  return {
    handshake: connection.handshake,
    send: (request) => ask(connection, request, { rules, timeout }),
    close: () => connection.close(),
  };
}

async function ask(
  connection: OpenConnection,
  request: Uint8Array,
  { rules, timeout }: { readonly rules: AnswerRules; readonly timeout: number },
): Promise<ResourceAnswer> {
  const { handshake } = connection;
  if (handshake.verdict === 'rejected')
    return { verdict: handshake.rejectedBy === 'server' ? 'refused' : 'neither', words: verdictSentence(handshake) };
  try {
    const received = await connection.exchange(request, { until: (octets) => answersIn(octets).length > 0, timeout });
    return resourceAnswer(answersIn(received)[0] ?? nothing, rules);
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    if (error.code !== 'CONNECTION_OVER') return resourceAnswer({ kind: 'silence', words: error.message }, rules);
    return afterEnd(connection, error.message, rules);
  }
}

/** What came before the end of a connection may be an answer that ends with it. */
async function afterEnd(connection: OpenConnection, words: string, rules: AnswerRules): Promise<ResourceAnswer> {
  const reader = new HttpAnswerReader();
  const [answer = reader.end()] = reader.read(connection.received());
  if (answer) return resourceAnswer(answer, rules);
  const end = endWith(reader.rest);
  if (end.kind === 'cut') return resourceAnswer(end, rules);
  const { how } = await connection.closed;
  return how === 'alert' ? { verdict: 'refused', words } : resourceAnswer({ kind: 'closed', words }, rules);
}

function answersIn(octets: Buffer): readonly HttpAnswer[] {
  return new HttpAnswerReader().read(octets);
}

function resourceAnswer(answer: HttpAnswer | NoAnswer, rules: AnswerRules): ResourceAnswer {
  return { ...readAnswer(answer, rules), ...(!isAnswer(answer) && answer.kind === 'closed' && { isClosed: true }) };
}

const nothing: NoAnswer = { kind: 'silence', words: 'no answer' };
