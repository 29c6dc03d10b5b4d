import { shellQuote } from './shell-quote.ts';

/** A command for a POSIX shell, its words quoted; where it is wider than the lines, each further group of words continues on a line of its own. */
export function shellCommand(groups: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  const quoted = groups.map((group) => group.map(shellQuote).join(' '));
  const line = quoted.join(' ');
  return line.length + indent.length <= width ? line : quoted.join(` \\\n${indent}  `);
}

const indent = '  ';
