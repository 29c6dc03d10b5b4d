import { createPrivateKey } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { decodePem } from '../../../asn1/pem.ts';
import { monotonicNow } from '../../../clock/real-clock.ts';
import { type AnswerBeginning, beginningOf } from '../../../net/answer-beginning.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { EngineConnection } from '../../../wire/engine/engine-connection.ts';
import type { FlightEdit } from '../../../wire/engine/flight.ts';
import { EngineError, type HandshakeEnd } from '../../../wire/engine/handshake-end.ts';
import type { ClientOptions } from '../../../wire/engine/peer-options.ts';
import { runClientHandshake } from '../../../wire/engine/run-handshake.ts';
import { renamed, withoutKeyShares } from '../hello-edits.ts';

/** A client of one host of a server that goes over to another one where no ordinary client changes the name. */
export interface HostCrossing {
  /** In a TLS 1.2 renegotiation, or in the second ClientHello of TLS 1.3. */
  readonly by: 'renegotiation' | 'second-hello';
  readonly identity: Identity;
  /** The host whose client it is, and the other one. */
  readonly from: string;
  readonly to: string;
  /** What is asked of the other one. */
  readonly request: Uint8Array;
  /** Milliseconds for each wait, and for the answer as a whole. */
  readonly timeout: number;
}

/**
 * What became of it:
 * - `not-begun`: the client was not accepted at its own host, or the server did not ask for a second ClientHello
 * - `refused`: the server ended the handshake under the other name, by an alert or without
 * - `undecided`: it neither went on nor ended it, or broke the protocol
 * - `completed`: the handshake is complete; `answer` is how the answer to the request begins, nothing where the server closed the connection instead
 */
export type CrossingOutcome =
  | { readonly kind: 'not-begun' | 'refused' | 'undecided'; readonly detail: string }
  | { readonly kind: 'completed'; readonly answer: AnswerBeginning | undefined };

/** Crosses over on a stream that is connected. */
export function crossHosts(stream: Duplex, crossing: HostCrossing): Promise<CrossingOutcome> {
  return crossing.by === 'renegotiation' ? renegotiate(stream, crossing) : changeSecondHello(stream, crossing);
}

async function renegotiate(stream: Duplex, crossing: HostCrossing): Promise<CrossingOutcome> {
  const first = await attempt(() => runClientHandshake(stream, { ...optionsOf(crossing), version: 'TLSv1.2' }));
  if ('detail' in first) return { kind: 'not-begun', detail: `it was not accepted at ${crossing.from}: ${first.detail}` };
  const { value: connection } = first;
  const second = await attempt(() => connection.renegotiate({ servername: crossing.to }));
  return 'detail' in second ? second : ask(connection, crossing);
}

/** The first ClientHello has no key share, so that every server asks for another. */
async function changeSecondHello(stream: Duplex, crossing: HostCrossing): Promise<CrossingOutcome> {
  let isAsked = false;
  const second: FlightEdit = (messages, context) => {
    isAsked = true;
    return renamed(crossing.to)(messages, context);
  };
  const edits = { hello: withoutKeyShares, 'second-hello': second };
  // The group is one that no share was sent of, which is what the edit is for.
  const skipped = new Set(['hello-group'] as const);
  const opened = await attempt(() => runClientHandshake(stream, { ...optionsOf(crossing), version: 'TLSv1.3', edits, skipped }));
  if ('value' in opened)
    return isAsked ? ask(opened.value, crossing) : { kind: 'not-begun', detail: 'the server asked for no second ClientHello' };
  return isAsked ? opened : { kind: 'not-begun', detail: `the first ClientHello was refused: ${opened.detail}` };
}

/** In TLS 1.3 a refusal comes with the first read; an answer may come in any number of records. */
async function ask(connection: EngineConnection, { request, timeout }: HostCrossing): Promise<CrossingOutcome> {
  const until = monotonicNow() + timeout;
  let received = Buffer.alloc(0);
  const asked = await attempt(async () => {
    await connection.write(request);
    while (beginningOf(received).kind === 'incomplete' && monotonicNow() < until) {
      const data = await connection.read();
      if (!data) return;
      received = Buffer.concat([received, data]);
    }
  });
  await connection.close();
  if (received.length > 0) return { kind: 'completed', answer: beginningOf(received) };
  return 'detail' in asked ? asked : { kind: 'completed', answer: undefined };
}

function optionsOf({ identity, from, timeout }: HostCrossing): Omit<ClientOptions, 'version'> {
  const certificates = decodePem(identity.chainPem).map(({ der }) => der);
  return { credential: { certificates, privateKey: createPrivateKey(identity.keyPem) }, servername: from, timeout };
}

async function attempt<Value>(
  run: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly kind: 'refused' | 'undecided'; readonly detail: string }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { kind: isUndecided(error.end) ? 'undecided' : 'refused', detail: `at ${error.end.step} ${error.facts.how}` };
  }
}

/** Silence is not a refusal, and neither is what breaks the protocol. */
function isUndecided({ kind }: HandshakeEnd): boolean {
  return kind === 'silent' || kind === 'wrong-answer' || kind === 'not-tls';
}
