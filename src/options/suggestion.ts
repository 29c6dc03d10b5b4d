import type levenshtein from 'damerau-levenshtein';

/** The name that was probably meant: at most two edits away, of names of up to four letters one; letter case does not count. The nearest, of several the first. */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const bound = name.length <= shortName ? 1 : 2;
    if (Math.abs(given.length - name.length) > bound) continue;
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance <= bound && distance < (nearest?.distance ?? Infinity)) nearest = { name, distance };
  }
  return nearest?.name;
}

/** Names to offer in place of one that does not exist: the nearest, then those that share words with it, those with the most first, of as many the shortest. */
export function similarNames(given: string, names: readonly string[], most = 5): readonly string[] {
  const nearest = nearestName(given, names);
  const words = given.toLowerCase().match(/[a-z\d]{3,}/gu) ?? [];
  const shared = (name: string): number => words.filter((word) => name.toLowerCase().includes(word)).length;
  const sharing = names
    .filter((name) => name !== nearest && shared(name) > 0)
    .toSorted((one, other) => shared(other) - shared(one) || one.length - other.length);
  return [...(nearest === undefined ? [] : [nearest]), ...sharing].slice(0, most);
}

/** The question to end a message with, or nothing: `; did you mean "trust"?`. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const nearest = nearestName(given, names);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

/** How many letters have to be inserted, deleted, replaced or swapped with their neighbor to make one text of the other (optimal string alignment). */
function editDistance(one: string, other: string): number {
  // Loaded for the first name that is not known: importing it would cost every start.
  measure ??= process.getBuiltinModule('node:module').createRequire(import.meta.url)('damerau-levenshtein') as typeof levenshtein; // require forgets the type
  return measure(one, other).steps;
}

let measure: typeof levenshtein | undefined;
const shortName = 4;
