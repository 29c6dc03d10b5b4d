/** What an answer begins with, as far as it has come: the status line of HTTP/1, or the first line of another protocol. */
export interface AnswerBeginning {
  /**
   * - `http`: a whole status line, of the final response
   * - `other`: it is not HTTP
   * - `incomplete`: more has to come before it can be told
   * - `malformed`: it begins like HTTP, and has no status; or none within 64 kB
   */
  readonly kind: 'http' | 'other' | 'incomplete' | 'malformed';
  /** For messages: the line, or what has come of it. */
  readonly line: string;
  /** Of HTTP. */
  readonly status?: number;
}

/** Reads all that has come of an answer. Interim responses are passed over, but for 101, which is the last in HTTP (RFC 9110 15.2). */
export function beginningOf(received: Uint8Array): AnswerBeginning {
  const text = Buffer.from(received.subarray(0, mostOctets)).toString('latin1');
  const beginning = finalIn(text);
  return beginning.kind === 'incomplete' && received.length >= mostOctets ? { ...beginning, kind: 'malformed' } : beginning;
}

/** Whether it says neither that the request was served nor that it was refused. */
export function isUnclear({ kind }: AnswerBeginning): boolean {
  return kind === 'incomplete' || kind === 'malformed';
}

/** For messages. */
export function describeBeginning(beginning: AnswerBeginning): string {
  return isUnclear(beginning) ? `"${beginning.line}", which is not a whole answer in HTTP` : `"${beginning.line}"`;
}

function finalIn(text: string): AnswerBeginning {
  const [whole = ''] = text.split(/\r?\n/u, 1);
  const line = whole.slice(0, shownLength);
  if (!text.startsWith(httpName)) return { kind: httpName.startsWith(text) ? 'incomplete' : 'other', line };
  if (whole.length === text.length) return { kind: 'incomplete', line };
  const status = statusOf(whole);
  if (status === undefined) return { kind: 'malformed', line };
  if (status >= 200 || status === switchingProtocols) return { kind: 'http', line, status };
  const headEnd = /\r?\n\r?\n/u.exec(text);
  const rest = headEnd ? text.slice(headEnd.index + headEnd[0].length) : '';
  return rest === '' ? { kind: 'incomplete', line } : finalIn(rest);
}

/** RFC 9112 4. */
function statusOf(line: string): number | undefined {
  const digits = /^HTTP\/\d(?:\.\d+)? ([1-9]\d\d)(?: |$)/u.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const httpName = 'HTTP/';
const switchingProtocols = 101;
/** Octets of interim responses and of the status line behind them. */
const mostOctets = 2 ** 16;
const shownLength = 200;
