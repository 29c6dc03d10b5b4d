import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import type { HttpAnswer } from './http-answers.ts';
import { isAnswer, type NoAnswer } from './raw-connection.ts';

/** How answers are read. */
export interface AnswerRules {
  readonly refusals: readonly number[];
  readonly identity?: ((answer: HttpAnswer) => string | undefined) | undefined;
  /** Who the application says that the authorized client is; absent before that is known. */
  readonly authorized?: string | undefined;
  /** What was sent is not HTTP as it should be: ending the connection is an answer. */
  readonly malformed?: boolean | undefined;
  /** What was sent is more than an application has to take. */
  readonly tooLarge?: boolean | undefined;
  /** Its head is longer than some servers take, as where certificates of RSA keys come twice: that status is an answer, and ending the connection is not. */
  readonly isLong?: boolean | undefined;
}

/** What an answer says of the client. */
export interface AnswerSeen {
  readonly verdict: 'accepted' | 'refused' | 'neither';
  /** For messages: `accepted with status 200 as "client"`. */
  readonly words: string;
  /** Who the application says it is; absent where nothing says it. */
  readonly identity?: string;
}

/** What an answer says. */
export function readAnswer(answer: HttpAnswer | NoAnswer, rules: AnswerRules): AnswerSeen {
  if (!isAnswer(answer)) return readNoAnswer(answer, rules);
  const { status } = answer;
  if (status >= 200 && status < 300) return readSuccess(answer, rules);
  if (isRefusal(status, rules)) return refused(status);
  return { verdict: 'neither', words: `neither accepted nor refused: status ${status}` };
}

function isRefusal(status: number, { refusals, tooLarge, isLong }: AnswerRules): boolean {
  return refusals.includes(status) || ((tooLarge === true || isLong === true) && tooLargeStatuses.has(status));
}

/** A crash is not a refusal, unless what came could not be read as a request and nothing was answered. */
function readNoAnswer({ kind, words, status }: NoAnswer, rules: AnswerRules): AnswerSeen {
  if (status !== undefined && isRefusal(status, rules)) return refused(status);
  const refuses = kind === 'closed' && (rules.malformed === true || rules.tooLarge === true);
  return { verdict: refuses ? 'refused' : 'neither', words: refuses ? `refused: ${words}` : `neither accepted nor refused: ${words}` };
}

/** An application that says who each client is has not taken this one for the authorized one. */
function readSuccess(answer: HttpAnswer, { identity, authorized }: AnswerRules): AnswerSeen {
  const { status } = answer;
  if (!identity) return { verdict: 'accepted', words: `accepted with status ${status}` };
  let name: string | undefined;
  try {
    name = identity(answer);
  } catch (error) {
    return { verdict: 'neither', words: `neither accepted nor refused: identity threw ${describeErrors(error)}` };
  }
  if (name === undefined) return { verdict: 'refused', words: `answered with status ${status} as no client` };
  const isAuthorized = authorized === undefined || name === authorized;
  const words = `${isAuthorized ? 'accepted' : 'answered'} with status ${status} as "${name}"`;
  return { verdict: isAuthorized ? 'accepted' : 'refused', words, identity: name };
}

function refused(status: number): AnswerSeen {
  return { verdict: 'refused', words: `refused with status ${status}` };
}

/** RFC 9110 15.5.14 and 15.5.15, RFC 6585 5. */
const tooLargeStatuses: ReadonlySet<number> = new Set([413, 414, 431]);
