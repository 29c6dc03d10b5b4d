import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MtlsFixturesError } from '../errors/index.ts';
import { fileReason } from '../errors/file-error.ts';

/** The secrets that peers write into files named by SSLKEYLOGFILE while they run (RFC 9850), by connection. */
export class KeyLogFiles {
  readonly #files: readonly KeyLogFile[];

  constructor(paths: readonly string[]) {
    this.#files = paths.map((path) => new KeyLogFile(path));
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  /** The lines about this connection that are there by now. */
  linesOf(clientRandom: string): readonly string[] {
    return this.#files.flatMap((file) => file.linesOf(clientRandom));
  }

  /** Why there are none: what the files lack. */
  problem(clientRandom: string): MtlsFixturesError | undefined {
    if (this.linesOf(clientRandom).length > 0) return undefined;
    const [first] = this.#files;
    return first && new MtlsFixturesError('KEY_LOG_UNUSABLE', { path: first.path, problem: first.problem });
  }
}

/** One file, read as it grows. */
class KeyLogFile {
  readonly path: string;
  readonly #lines = new Map<string, string[]>();
  #read = 0;
  #rest = '';
  #lineCount = 0;
  #reason: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  get problem(): string {
    if (this.#reason !== undefined) return `it cannot be read (${this.#reason})`;
    if (this.#lineCount === 0) return this.#rest === '' ? 'it is empty' : 'it holds half a line, or no key log';
    return `none of its ${this.#lines.size} connection(s) is this one`;
  }

  linesOf(clientRandom: string): readonly string[] {
    this.#readOn();
    return this.#lines.get(clientRandom) ?? [];
  }

  #readOn(): void {
    try {
      const file = openSync(this.path, 'r');
      try {
        this.#readFrom(file);
      } finally {
        closeSync(file);
      }
      this.#reason = undefined;
    } catch (error) {
      this.#reason = fileReason(error);
    }
  }

  #readFrom(file: number): void {
    const { size } = fstatSync(file);
    if (size < this.#read) this.#startAgain(); // another file, or the same one emptied
    const chunk = Buffer.alloc(Math.min(pieceLength, Math.max(0, size - this.#read)));
    while (chunk.length > 0) {
      const length = readSync(file, chunk, 0, chunk.length, this.#read);
      if (length === 0) return;
      this.#read += length;
      this.#take(chunk.toString('latin1', 0, length));
    }
  }

  #startAgain(): void {
    this.#read = 0;
    this.#rest = '';
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) this.#takeLine(line.trim());
  }

  #takeLine(line: string): void {
    const [, random] = /^[A-Z][A-Z0-9_]* ([\da-f]{64}) [\da-f]+$/iu.exec(line) ?? [];
    if (random === undefined) return;
    this.#lineCount += 1;
    const key = random.toLowerCase();
    const known = this.#lines.get(key);
    if (known && known.length < mostLines) known.push(line);
    else if (!known) this.#lines.set(key, [line]);
    if (this.#lines.size <= mostConnections) return;
    const [oldest] = this.#lines.keys();
    if (oldest !== undefined) this.#lines.delete(oldest);
  }
}

const pieceLength = 65_536;
const longestLine = 1000;
/** Labels of one connection, exporters and repetitions included. */
const mostLines = 32;
const mostConnections = 10_000;
