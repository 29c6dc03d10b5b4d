import type { ForwardedRequest } from '../../catalogue/forwarded/forwarded-scenario.ts';
import type { HeaderLine } from '../../../forwarded/format.ts';
import type { PreparedRequest } from '../server/server-request.ts';

/** The octets of a request in HTTP/1: the application's own request, and after its headers the lines of a scenario, as they are. `closes`: it is the last on its connection. */
export function encodeRequest(asked: PreparedRequest, request: ForwardedRequest, { closes }: { readonly closes: boolean }): Buffer {
  if (request.smuggles) return smuggling(asked, request, request.smuggles);
  const { lines, trailers, connection = [] } = request;
  const { headers, body } = asked;
  const options = [closes ? 'close' : 'keep-alive', ...connection].join(', ');
  const length: HeaderLine[] = body.length > 0 ? [['Content-Length', String(body.length)]] : [];
  const framing: HeaderLine[] = trailers
    ? [
        ['Transfer-Encoding', 'chunked'],
        ['Trailer', [...new Set(trailers.map(([name]) => name))].join(', ')],
      ]
    : length;
  const head = headOf(asked, request, [...Object.entries(headers), ...lines, ...framing, ['Connection', options]]);
  return Buffer.concat([head, trailers ? chunked(body, trailers) : Buffer.from(body)]);
}

function headOf({ method, path, host }: PreparedRequest, { http }: Pick<ForwardedRequest, 'http'>, lines: readonly HeaderLine[]): Buffer {
  return Buffer.from(`${method} ${path} HTTP/${http ?? '1.1'}\r\n${text([['Host', host], ...lines])}\r\n`, 'latin1');
}

function chunked(body: Uint8Array, trailers: readonly HeaderLine[] = []): Buffer {
  const content = body.length > 0 ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')] : [];
  return Buffer.concat([...content, Buffer.from(`0\r\n${text(trailers)}\r\n`, 'latin1')]);
}

function text(lines: readonly HeaderLine[]): string {
  return lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** A request whose body, by one of the headers about its length, ends before another request; and then one without anything, by which the connection ends in any case. */
function smuggling(
  asked: PreparedRequest,
  { lines }: ForwardedRequest,
  { how, lines: hidden }: NonNullable<ForwardedRequest['smuggles']>,
): Buffer {
  const { headers } = asked;
  const inner = headOf(asked, {}, [...Object.entries(headers), ...hidden, ['Connection', 'keep-alive']]);
  const last = headOf(asked, {}, [...Object.entries(headers), ['Connection', 'close']]);
  const { framing, body } = disagreeing(how, inner);
  const outer = headOf({ ...asked, method: 'POST' }, {}, [...Object.entries(headers), ...lines, ...framing, ['Connection', 'keep-alive']]);
  return Buffer.concat([outer, body, last]);
}

function disagreeing(
  how: 'length-then-chunks' | 'chunks-then-length' | 'two-lengths',
  inner: Buffer,
): { readonly framing: readonly HeaderLine[]; readonly body: Buffer } {
  const chunks: HeaderLine = ['Transfer-Encoding', 'chunked'];
  if (how === 'two-lengths') return { framing: [lengthOf(0), lengthOf(inner.length)], body: inner };
  if (how === 'length-then-chunks') {
    const body = Buffer.concat([chunked(Buffer.alloc(0)), inner]);
    return { framing: [lengthOf(body.length), chunks], body };
  }
  const sizeLine = `${inner.length.toString(16)}\r\n`;
  return {
    framing: [lengthOf(sizeLine.length), chunks],
    body: Buffer.concat([Buffer.from(sizeLine), inner, Buffer.from('\r\n0\r\n\r\n')]),
  };
}

function lengthOf(octets: number): HeaderLine {
  return ['Content-Length', String(octets)];
}
