import type { ForwardedExchange, ForwardedRequest } from '../../catalogue/forwarded/forwarded-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, unexpected, unsuitable } from '../../records/scenario-result.ts';
import type { PreparedRequest } from '../server/server-request.ts';
import { type AnswerRules, type AnswerSeen, readAnswer } from './assess-answer.ts';
import { encodeRequest } from './encode-request.ts';
import type { HttpAnswer } from './http-answers.ts';
import { isAnswer, type NoAnswer, type RawConnection } from './raw-connection.ts';
import { sentWords } from './sent-words.ts';

/** How an exchange is run. */
export interface ExchangeRun {
  readonly asked: PreparedRequest;
  readonly rules: AnswerRules;
  readonly timeout: number;
  readonly expected: ExpectedOutcome;
}

/** Sends what is to be sent over one connection, and assesses the answers. */
export async function runExchange(connection: RawConnection, exchange: ForwardedExchange, run: ExchangeRun): Promise<Assessment> {
  const assessment = exchange.how === 'whole' ? await runWhole(connection, exchange, run) : await runInTurn(connection, exchange, run);
  if (assessment.status === 'as-expected') return assessment;
  const message = exchange.what === undefined ? assessment.message : `${exchange.what}: ${assessment.message}`;
  return { ...assessment, message: assessment.status === 'unexpected' ? `${message}\n${sentWords(exchange)}` : message };
}

async function runInTurn(connection: RawConnection, { requests, how }: ForwardedExchange, run: ExchangeRun): Promise<Assessment> {
  const encoded = requests.map((request, index) => encodeRequest(run.asked, request, { closes: index === requests.length - 1 }));
  if (how === 'pipelined') connection.send(Buffer.concat(encoded));
  let last = asExpected('');
  let before: HttpAnswer | undefined;
  for (const [index, request] of requests.entries()) {
    if (how !== 'pipelined') connection.send(encoded[index] ?? Buffer.alloc(0));
    const answer = await connection.next(run.timeout);
    if (!isAnswer(answer) && answer.kind === 'closed' && before && closesAfter(before, request))
      return unsuitable('not judged: the application closes the connection after each answer, so that no other client can come on it');
    const assessment = assess(readAnswer(answer, rulesFor(encoded[index], run)), request, run.expected);
    if (assessment.status !== 'as-expected') return assessment;
    if (!request.control) last = assessment;
    before = isAnswer(answer) ? answer : undefined;
  }
  return last;
}

/** Servers take 8 KiB of headers at least: Apache 8190 octets a line, Node.js 16 KiB in all. */
function rulesFor(encoded: Buffer | undefined, { rules }: ExchangeRun): AnswerRules {
  return { ...rules, isLong: encoded !== undefined && encoded.length > 8192 };
}

/** HTTP/1.0 goes on only where the answer says so (RFC 9112 9.3). */
function closesAfter({ headers }: HttpAnswer, { http }: ForwardedRequest): boolean {
  const connection = headers.connection?.toLowerCase() ?? '';
  return http === '1.0' ? !connection.includes('keep-alive') : connection.includes('close');
}

/** Whatever comes until the connection ends: where none of it is accepted, it is refused. */
async function runWhole(connection: RawConnection, { requests: [request] }: ForwardedExchange, run: ExchangeRun): Promise<Assessment> {
  if (!request) return asExpected('nothing was sent');
  const encoded = encodeRequest(run.asked, request, { closes: true });
  connection.send(encoded);
  const seen: AnswerSeen[] = [];
  let answer: HttpAnswer | NoAnswer;
  do {
    answer = await connection.next(run.timeout);
    if (isAnswer(answer) || seen.length === 0) seen.push(readAnswer(answer, rulesFor(encoded, run)));
  } while (isAnswer(answer));
  const [worst] = seen.toSorted((one, other) => severityOf(other) - severityOf(one));
  return worst ? compare(worst, run.expected) : notJudged('not judged: nothing was answered');
}

function severityOf({ verdict }: AnswerSeen): number {
  return { refused: 0, neither: 1, accepted: 2 }[verdict];
}

function assess(seen: AnswerSeen, { control }: ForwardedRequest, expected: ExpectedOutcome): Assessment {
  if (!control) return compare(seen, expected);
  if (seen.verdict === control) return asExpected(seen.words);
  return notJudged(`not judged: the control of this scenario, which has to be ${control}, was ${seen.words}`);
}

/** Compares an answer with what is expected of it. */
export function compare(seen: AnswerSeen, expected: ExpectedOutcome): Assessment {
  const isAsExpected = seen.verdict === (expected.verdict === 'accepted' ? 'accepted' : 'refused');
  if (isAsExpected) return asExpected(`${seen.words}, as expected`);
  const found = seen.verdict === 'neither' ? seen.words : `it was ${seen.words}`;
  return unexpected(`expected ${describeOutcome(expected)}, but ${found}`);
}
