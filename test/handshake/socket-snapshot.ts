import type net from 'node:net';

/** Every member of an object, its own and those of each of its classes, with its value in words: by enumeration, so that none is forgotten. */
export function snapshot(object: object): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const key of memberNames(object)) seen[key.toString()] = inWords(() => Reflect.get(object, key));
  return seen;
}

/** What a for-in loop sees. */
export function enumerableNames(object: object): string[] {
  const names: string[] = [];
  for (const name in object) names.push(name);
  return names.toSorted();
}

function memberNames(object: object): (string | symbol)[] {
  const names = new Set<string | symbol>();
  for (let owner: object | null = object; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner) as object | null)
    for (const name of Reflect.ownKeys(owner)) names.add(name);
  return [...names].toSorted((a, b) => a.toString().localeCompare(b.toString()));
}

function inWords(read: () => unknown): string {
  try {
    return describe(read());
  } catch (error) {
    return `throws ${(error as NodeJS.ErrnoException).code ?? String(error)}`; // any thrown value has a code or undefined
  }
}

function describe(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`;
  if (Buffer.isBuffer(value)) return `${value.length} octets`;
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return describeObject(value);
  return typeof value === 'number' && value > 1024 ? 'a port or another large number' : String(value);
}

function describeObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `a ${(value as net.Socket).constructor.name}`; // every class has one
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${typeof member === 'object' ? typeof member : describe(member)}`)
    .toSorted()
    .join(', ')} }`;
}
