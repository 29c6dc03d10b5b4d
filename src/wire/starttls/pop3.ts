import type { ClearText } from './clear-text.ts';

/** Asks a POP3 server for TLS: STLS (RFC 2595 4). */
export async function negotiatePop3(clear: ClearText): Promise<void> {
  await readStatus(clear);
  clear.send('STLS\r\n');
  await readStatus(clear);
}

async function readStatus(clear: ClearText): Promise<void> {
  const line = await clear.line();
  if (/^-ERR(?: |$)/u.test(line)) throw clear.refused(line);
  if (!/^\+OK(?: |$)/u.test(line)) throw clear.failed('does not speak POP3', line);
}
