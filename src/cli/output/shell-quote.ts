/** A word of a printed command as a POSIX shell reads it back: plain where that is safe, otherwise in single quotes. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
