import type { DeclarationModule, Place } from './declarations.ts';

type Modules = ReadonlyMap<string, DeclarationModule>;

/**
 * The API of an entry point, as a page: the exported names with their declarations; declarations that these mention and that users cannot
 * name; what it adds to other modules. `elsewhere`: what users can import from another entry point.
 */
export function apiReport(title: string, modules: Modules, entry: string, elsewhere: ReadonlySet<string> = new Set()): string {
  const exported = exportsOf(modules, entry);
  const known = new Set([...exported.values()].map(keyOf));
  const mentioned = [...reach(modules, [...exported.values()], new Set([...elsewhere].filter((key) => !known.has(key)))).values()];
  const hidden = mentioned.filter((place) => !known.has(keyOf(place)) && !declarationOf(modules, place).includes('typeof testcontainers.'));
  const lines = [
    `# ${title}`,
    '',
    'Generated from the emitted declarations: `UPDATE_API=1 npm test -- test/meta/public-api.test.ts` writes it anew. A change here is a change of the',
    'public API, and has an entry in the changelog.',
    ...[...exported].toSorted(byName).flatMap(([name, place]) => section('##', name, declarationOf(modules, place))),
    ...(hidden.length > 0 ? ['', '# Mentioned above, not exported'] : []),
    ...hidden
      .toSorted((a, b) => byName([keyOf(a)], [keyOf(b)]))
      .flatMap((place) => section('##', keyOf(place), declarationOf(modules, place))),
  ];
  const additions = [...loadedBy(modules, entry)].flatMap((module) => modules.get(module)?.additions ?? []);
  if (additions.length > 0) lines.push(...section('#', 'Added to other modules', additions.toSorted().join('\n')));
  return `${lines.join('\n')}\n`;
}

/** Where the names of an entry point are declared, re-exports followed. */
export function exportsOf(modules: Modules, entry: string): Map<string, Place> {
  return new Map([...(modules.get(entry)?.exports ?? [])].map(([name, place]) => [name, follow(modules, place)]));
}

export function keyOf({ module, name }: Place): string {
  return `${name} (${module.replace(/\.d\.ts$/u, '')})`;
}

function follow(modules: Modules, place: Place): Place {
  const next = modules.get(place.module)?.exports.get(place.name);
  return next && keyOf(next) !== keyOf(place) ? follow(modules, next) : place;
}

/** The places that some places mention, and so on; not beyond `stop`. */
function reach(
  modules: Modules,
  places: readonly Place[],
  stop: ReadonlySet<string>,
  found = new Map<string, Place>(),
): Map<string, Place> {
  for (const place of places) {
    if (found.has(keyOf(place)) || stop.has(keyOf(place))) continue;
    const declaration = modules.get(place.module)?.declared.get(place.name);
    if (!declaration) continue; // of a package
    found.set(keyOf(place), place);
    reach(
      modules,
      declaration.mentions.map((mention) => follow(modules, mention)),
      stop,
      found,
    );
  }
  return found;
}

function declarationOf(modules: Modules, place: Place): string {
  return modules.get(place.module)?.declared.get(place.name)?.text ?? `export { ${place.name} } from '${place.module}';`;
}

/** The modules that an entry point's types load. */
function loadedBy(modules: Modules, module: string, found = new Set<string>()): Set<string> {
  if (found.has(module)) return found;
  found.add(module);
  for (const next of modules.get(module)?.imports ?? []) loadedBy(modules, next, found);
  return found;
}

function section(level: string, title: string, text: string): string[] {
  return ['', `${level} ${title}`, '', '```ts', text, '```'];
}

function byName([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : 1;
}
