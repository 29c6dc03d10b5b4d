import { editDistance } from './edit-distance.ts';

/** The name that was probably meant: at most two edits away, of names of up to four letters one; letter case aside. The nearest, of several the first. */
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

const shortName = 4;
