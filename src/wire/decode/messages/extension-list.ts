import { ByteCursor } from '../../byte-cursor.ts';
import { type ExtensionFields, readExtensionFields } from '../../hello/hello-fields.ts';
import { extensionName } from '../../registry/extension-types.ts';

/** The extensions of a message (RFC 8446 4.2). What is malformed in one of them is noted and leaves the others readable. */
export class ExtensionList {
  /** In the order in which they were sent. */
  readonly names: readonly string[];
  readonly #byType: ReadonlyMap<number, Uint8Array>;
  readonly #notes: string[];

  constructor({ list, byType }: ExtensionFields, notes: string[]) {
    this.names = list.map(({ type }) => extensionName(type));
    this.#byType = byType;
    this.#notes = notes;
    // GREASE has one name and several numbers.
    if (byType.size < list.length) notes.push('an extension appears twice');
  }

  has(type: number): boolean {
    return this.#byType.has(type);
  }

  /** What a reader makes of an extension; undefined where it is absent, or malformed: `read` returns undefined, or does not read all of it. */
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
  return extensionListOf(readExtensionFields(cursor), notes);
}

/** The extensions of a hello that has been read; undefined where they are malformed. */
export function extensionListOf(extensions: ExtensionFields, notes: string[]): ExtensionList | undefined {
  return extensions.isWhole ? new ExtensionList(extensions, notes) : undefined;
}
