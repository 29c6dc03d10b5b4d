import type { ClearText } from './clear-text.ts';

/** Asks a PostgreSQL server for TLS: SSLRequest, answered by one octet or an ErrorResponse (PostgreSQL's protocol 3.0, "SSL Session Encryption"). */
export async function negotiatePostgres(clear: ClearText): Promise<void> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(sslRequestCode, 4);
  clear.send(request);
  const answer = await clear.octets(1);
  const letter = answer.toString('latin1');
  if (letter === 'S') return;
  if (letter === 'N') throw clear.refused(letter);
  if (letter === 'E') throw clear.refused(await readError(clear));
  throw clear.failed('does not speak the protocol of PostgreSQL', answer);
}

/** The words of an ErrorResponse; what is not a length is the text of an error as servers before PostgreSQL 7.4 send it. */
async function readError(clear: ClearText): Promise<string> {
  const message = await clear.take((pending) => {
    if (pending.length < 4) return undefined;
    const length = isLength(pending.readUInt32BE(0)) ? pending.readUInt32BE(0) : pending.indexOf(0) + 1;
    return length > 0 && pending.length >= length ? length : undefined;
  });
  if (message.length < 4 || !isLength(message.readUInt32BE(0))) return message.toString('utf8', 0, message.length - 1);
  const fields = new Map(
    message
      .toString('utf8', 4)
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  return `${fields.get('S') ?? 'error'}: ${fields.get('M') ?? ''} (${fields.get('C') ?? 'no code'})`;
}

function isLength(length: number): boolean {
  return length >= 4 && length <= longestError;
}

const sslRequestCode = 80_877_103;
/** libpq's bound. */
const longestError = 30_000;
