import { ByteCursor } from '../../byte-cursor.ts';
import { extensionName } from './names.ts';
import { listOf } from './vectors.ts';

/** The extensions of a message (RFC 8446 4.2). What is malformed in one of them is noted and leaves the others readable. */
export class ExtensionList {
  /** In the order in which they were sent. */
  readonly names: readonly string[];
  readonly #byType: ReadonlyMap<number, Uint8Array>;
  readonly #notes: string[];

  constructor(extensions: readonly Extension[], notes: string[]) {
    this.names = extensions.map(({ type }) => extensionName(type));
    this.#byType = new Map(extensions.map(({ type, content }) => [type, content]));
    this.#notes = notes;
    // GREASE has one name and several numbers.
    if (this.#byType.size < extensions.length) notes.push('an extension appears twice');
  }

  has(type: number): boolean {
    return this.#byType.has(type);
  }

  /** What a reader makes of an extension; undefined where it is absent, or malformed: `read` says undefined, or does not take it up whole. */
  read<T>(type: number, read: (cursor: ByteCursor) => T | undefined): T | undefined {
    const content = this.#byType.get(type);
    if (content === undefined) return undefined;
    const cursor = new ByteCursor(content);
    const value = read(cursor);
    if (value !== undefined && !cursor.truncated && cursor.remaining === 0) return value;
    this.#notes.push(`the extension ${extensionName(type)} is malformed`);
    return undefined;
  }
}

/** Reads a vector of extensions; undefined where it is malformed. A message of TLS 1.2 may end without one. */
export function readExtensions(cursor: ByteCursor, notes: string[]): ExtensionList | undefined {
  if (cursor.remaining === 0) return new ExtensionList([], notes);
  const extensions = listOf(cursor.vector(2), (list) => ({ type: list.uint(2), content: list.take(list.uint(2)) }));
  return extensions && new ExtensionList(extensions, notes);
}

interface Extension {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Numbers of the extensions that are looked into. */
export const extensionType = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskModes: 45,
  certificateAuthorities: 47,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
} as const;
