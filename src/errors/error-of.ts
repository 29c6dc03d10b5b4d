/** Whether a value is an Error, of whatever realm: in Vitest's `vmThreads` and in jsdom's environment Node's own errors are not instances of the global one. */
export function isError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === '[object Error]' || value instanceof Error; // a DOMException has a tag of its own
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown));
}

/** The words of what was thrown. */
export function messageOf(thrown: unknown): string {
  return asError(thrown).message;
}

/** `String(value)`, also for what has no way to become text, such as an object without a prototype. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** `typeof`, but for null: what was given where its text could be long, or a key. */
export function typeName(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
