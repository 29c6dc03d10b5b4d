import { printable } from '../../../errors/printable.ts';
import type { HeaderLine } from '../../../forwarded/format.ts';
import { cut } from '../../../handshake/verdict/fitted-text.ts';
import type { ForwardedExchange } from '../../catalogue/forwarded/forwarded-scenario.ts';

/** The header lines that an exchange sends, for messages: each on a line, long ones cut. */
export function sentWords({ requests }: ForwardedExchange): string {
  return requests
    .flatMap(({ lines, trailers = [], smuggles }, index) => [
      requests.length === 1 ? 'sent:' : `sent in request ${index + 1}:`,
      ...shown(lines),
      ...(trailers.length > 0 ? ['as trailers:', ...shown(trailers)] : []),
      ...(smuggles ? ['in a request within its body:', ...shown(smuggles.lines)] : []),
    ])
    .slice(0, mostLines)
    .join('\n');
}

function shown(lines: readonly HeaderLine[]): string[] {
  return lines.length === 0
    ? ['  no header of the proxy']
    : lines.map(([name, value]) => cut(printable(`  ${name}: ${value}`), longestLine));
}

const mostLines = 24;
const longestLine = 160;
