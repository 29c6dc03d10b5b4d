import { MtlsFixturesError } from '../../src/index.ts';

/** A call with options, as a program in JavaScript makes it. */
export type Call = (options: Readonly<Record<string, never>>) => unknown;

/** What is deleted, swapped, doubled, replaced or added by one slip of a finger. */
export function neighborsOf(name: string): readonly string[] {
  const found = new Set<string>();
  for (let at = 0; at < name.length; at += 1) {
    const [head, letter, next, rest] = [name.slice(0, at), name.charAt(at), name.charAt(at + 1), name.slice(at + 2)];
    found.add(head + next + rest);
    found.add(head + next + letter + rest);
    found.add(`${head}${letter}${letter}${next}${rest}`);
    found.add(`${head}x${next}${rest}`);
  }
  found.add(`${name}s`);
  found.delete(name);
  found.delete('');
  return [...found];
}

/** The names that a call takes, of those that it is not to take: the others are refused by name. */
export async function takenOf(call: Call, names: readonly string[], how: 'by-name' | 'any' = 'by-name'): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const name of names) {
    const error = await failureOf(call, { [name]: 5 });
    const isRefused =
      error instanceof MtlsFixturesError &&
      String(error.code).startsWith('OPTION_') &&
      (how === 'any' || Object(error.facts).value === name);
    if (!isRefused) taken.push(name);
  }
  return taken;
}

/** The names that a call takes for others. */
export async function misspelledOf(call: Call, names: readonly string[]): Promise<readonly unknown[]> {
  const errors = await Promise.all(names.map((name) => failureOf(call, { [name]: undefined })));
  return errors.filter((error) => {
    const { value, expected } = Object(Object(error).facts) as { readonly value?: unknown; readonly expected?: unknown }; // nothing of undefined
    return error !== undefined && (!names.includes(String(value)) || String(expected).includes('did you mean'));
  });
}

/** Whether a call takes these options. */
export async function settled(call: Call, options: Readonly<Record<string, unknown>>): Promise<'taken' | 'refused'> {
  return (await failureOf(call, options)) === undefined ? 'taken' : 'refused';
}

async function failureOf(call: Call, options: Readonly<Record<string, unknown>>): Promise<unknown> {
  try {
    const value: unknown = await call(options as Readonly<Record<string, never>>); // whatever JavaScript hands over
    await (value as { close?(): Promise<void> } | undefined)?.close?.(); // of a server, which is not to stay
    return undefined;
  } catch (error) {
    return error;
  }
}
