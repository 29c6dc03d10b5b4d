/** `String(value)`, also for what has no way to become text, such as an object without a prototype. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
