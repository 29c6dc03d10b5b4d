import type { ClearText } from './clear-text.ts';

/** An answer with a code of three digits, as SMTP and FTP give it. */
export interface Reply {
  readonly code: number;
  /** What stands behind the code, line by line. */
  readonly lines: readonly string[];
  /** The whole answer, for messages. */
  readonly text: string;
}

/** Reads one reply of one or several lines (RFC 5321 4.2.1; RFC 959 4.2, where lines in between may lack the code). */
export async function readReply(clear: ClearText, protocol: string): Promise<Reply> {
  const first = await clear.line();
  const [, digits, separator] = /^([1-5]\d\d)(?:([ -])|$)/u.exec(first) ?? [];
  if (digits === undefined) throw clear.failed(`does not speak ${protocol}`, first);
  const whole = [first];
  for (let isLast = separator !== '-'; !isLast;) {
    const next = await clear.line();
    whole.push(next);
    isLast = next === digits || next.startsWith(`${digits} `);
  }
  const lines = whole.filter((line) => line.startsWith(digits)).map((line) => line.slice(4));
  return { code: Number(digits), lines, text: whole.join('\n') };
}
