import { isIPv6 } from 'node:net';
import type { ClearText } from './clear-text.ts';
import { readReply } from './reply.ts';

/** Asks an SMTP server for TLS: EHLO, whose answer has to offer it, then STARTTLS (RFC 3207). */
export async function negotiateSmtp(clear: ClearText): Promise<void> {
  const greeting = await readReply(clear, 'SMTP');
  if (greeting.code !== 220) throw clear.refused(greeting.text);

  clear.send(`EHLO ${addressLiteral(clear.ownAddress ?? '127.0.0.1')}\r\n`);
  const extensions = await readReply(clear, 'SMTP');
  const isOffered = extensions.lines.slice(1).some((line) => line.trim().toUpperCase() === 'STARTTLS');
  if (extensions.code !== 250 || !isOffered) throw clear.refused(extensions.text);

  clear.send('STARTTLS\r\n');
  const goAhead = await readReply(clear, 'SMTP');
  if (goAhead.code !== 220) throw clear.refused(goAhead.text);
}

/** What a client without a name of its own calls itself (RFC 5321 4.1.3). */
function addressLiteral(address: string): string {
  const [bare = address] = address.split('%');
  return isIPv6(bare) ? `[IPv6:${bare}]` : `[${bare}]`;
}
