/** An answer of an application. */
export interface HttpAnswer {
  readonly status: number;
  /** By the name in small letters; lines of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As UTF-8. */
  readonly body: string;
}

/** Reads answers in HTTP/1.1 from octets as they come (RFC 9112), one after the other; interim answers are passed over. */
export class HttpAnswerReader {
  #octets = Buffer.alloc(0);

  /** The answers that are complete now. */
  read(chunk: Uint8Array): HttpAnswer[] {
    this.#octets = Buffer.concat([this.#octets, chunk]);
    const answers: HttpAnswer[] = [];
    for (let next = this.#next(false); next; next = this.#next(false)) if (!isInterim(next)) answers.push(next);
    return answers;
  }

  /** The answer that ends with the connection; undefined where there is none. */
  end(): HttpAnswer | undefined {
    return this.#next(true);
  }

  /** What has come and is not a whole answer. */
  get rest(): Buffer {
    return this.#octets;
  }

  #next(isEnd: boolean): HttpAnswer | undefined {
    const headEnd = this.#octets.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [statusLine = '', ...lines] = this.#octets.toString('latin1', 0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/u.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) return undefined;
    const headers = headersOf(lines);
    const content = contentOf({ status, headers }, this.#octets.subarray(headEnd + 4), isEnd);
    if (!content) return undefined;
    this.#octets = this.#octets.subarray(headEnd + 4 + content.length);
    return { status, headers, body: content.body.toString('utf8') };
  }
}

/** 101 is the last response in HTTP (RFC 9110 15.2.2). */
function isInterim({ status }: Pick<HttpAnswer, 'status'>): boolean {
  return status < 200 && status !== 101;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/** The body at the beginning of these octets, and how many of them it takes; undefined where more has to come (RFC 9112 6.3). */
function contentOf(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  octets: Buffer,
  isEnd: boolean,
): { readonly body: Buffer; readonly length: number } | undefined {
  if (status < 200 || status === 204 || status === 304) return { body: Buffer.alloc(0), length: 0 };
  if (/\bchunked$/iu.test(headers['transfer-encoding'] ?? '')) return chunksOf(octets);
  const length = headers['content-length'];
  if (length === undefined) return isEnd ? { body: octets, length: octets.length } : undefined;
  return octets.length < Number(length) ? undefined : { body: octets.subarray(0, Number(length)), length: Number(length) };
}

function chunksOf(octets: Buffer): { readonly body: Buffer; readonly length: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = octets.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(octets.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) return undefined;
    if (size === 0) return endOfTrailers(octets, lineEnd, chunks);
    const end = lineEnd + 2 + size;
    if (octets.length < end + 2) return undefined;
    chunks.push(octets.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}

/** `lineEnd`: of the last chunk's size. */
function endOfTrailers(
  octets: Buffer,
  lineEnd: number,
  chunks: readonly Buffer[],
): { readonly body: Buffer; readonly length: number } | undefined {
  const end = octets.indexOf('\r\n\r\n', lineEnd);
  return end < 0 ? undefined : { body: Buffer.concat(chunks), length: end + 4 };
}
