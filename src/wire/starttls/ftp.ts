import type { ClearText } from './clear-text.ts';
import { readReply } from './reply.ts';

/** Asks an FTP server for TLS on its control connection: AUTH TLS (RFC 4217 4.1). */
export async function negotiateFtp(clear: ClearText): Promise<void> {
  let greeting = await readReply(clear, 'FTP');
  if (greeting.code === 120) greeting = await readReply(clear, 'FTP'); // ready in some minutes, then 220 (RFC 959 5.4)
  if (greeting.code !== 220) throw clear.refused(greeting.text);

  clear.send('AUTH TLS\r\n');
  const goAhead = await readReply(clear, 'FTP');
  if (goAhead.code !== 234) throw clear.refused(goAhead.text);
}
