import type { ClearText } from './clear-text.ts';

/** Asks an IMAP server for TLS: CAPABILITY, whose answer has to offer it, then STARTTLS (RFC 9051 6.1.1 and 6.2.1). */
export async function negotiateImap(clear: ClearText): Promise<void> {
  const greeting = requireUntagged(clear, await clear.line());
  // A connection that begins authenticated has no STARTTLS (RFC 9051 7.1.4).
  if (!/^\* OK(?: |$)/iu.test(greeting)) throw clear.refused(greeting);

  const capabilities = (await command(clear, 'a1', 'CAPABILITY')).filter((line) => /^\* CAPABILITY /iu.test(line));
  const isOffered = capabilities.some((line) => line.toUpperCase().split(' ').includes('STARTTLS'));
  if (!isOffered) throw clear.refused(capabilities.join('\n'));

  await command(clear, 'a2', 'STARTTLS');
}

/** The untagged answers to a command that was carried out. */
async function command(clear: ClearText, tag: string, name: string): Promise<readonly string[]> {
  clear.send(`${tag} ${name}\r\n`);
  const untagged: string[] = [];
  for (;;) {
    const line = await clear.line();
    if (!line.startsWith(`${tag} `)) untagged.push(requireUntagged(clear, line));
    else if (/^OK(?: |$)/iu.test(line.slice(tag.length + 1))) return untagged;
    else throw clear.refused(line);
  }
}

function requireUntagged(clear: ClearText, line: string): string {
  if (/^\* BYE(?: |$)/iu.test(line)) throw clear.refused(line);
  if (!line.startsWith('* ')) throw clear.failed('does not speak IMAP', line);
  return line;
}
