import { invalidOption } from '../errors/index.ts';
import { requireOptions } from './checks.ts';
import { didYouMean, nearestName } from './suggestion.ts';

/** Throws `OPTION_INVALID` for a value that the option cannot have; not asked about undefined, which stands for the default. */
export type Check = (option: string, value: unknown) => void;

/** The options of one call. */
export interface OptionSchema {
  /** What they are called in messages: `server option`. */
  readonly what: string;
  /** Ours. */
  readonly own: Readonly<Record<string, Check>>;
  /** Names that mean something elsewhere and would contradict ours or be without effect here: what to use instead. */
  readonly reserved?: Readonly<Record<string, string>>;
  /** Names that Node documents for what it is given. Without them nothing is passed on, and every other name is rejected. */
  readonly passedOn?: ReadonlySet<string>;
  /** Values of those that Node looks at too late, or drops. */
  readonly checks?: Readonly<Record<string, Check>>;
}

/** Rejects what a call would ignore, and values that its options cannot have. Names that resemble none of ours or of Node's are passed on to Node where anything is. */
export function requireOptionsOf(schema: OptionSchema, options: unknown): asserts options is object {
  requireOptions(`${schema.what}s`, options);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(schema.own, name)) refuseForeign(schema, name);
    const check = own(schema.own, name) ?? own(schema.checks ?? {}, name);
    if (value !== undefined) check?.(name, value);
  }
}

/** The options that are not ours: what is handed to Node. Without those that are undefined: of some Node asks that they be a number or a function. */
export function passedOn(schema: OptionSchema, options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && !Object.hasOwn(schema.own, name)));
}

/** The check of an option that is one of these words. */
export function oneOf(words: readonly string[]): Check {
  return (option, value) => {
    if (typeof value !== 'string' || !words.includes(value)) throw invalidOption(option, value, `one of ${words.join(', ')}`);
  };
}

/** The check of an option that is called: `(peer) => true | string`. */
export function functionOf(signature: string): Check {
  return (option, value) => {
    if (typeof value !== 'function') throw invalidOption(option, typeof value, `a function ${signature}`);
  };
}

/** For values that are read, and checked, by the code that knows their form. */
export const checkedWhereRead: Check = () => {};

function refuseForeign({ what, own: ours, reserved = {}, passedOn: known }: OptionSchema, name: string): void {
  const instead = own(reserved, name);
  if (instead !== undefined) throw invalidOption(what, name, instead);
  if (known?.has(name) === true) return;
  const names = new Set([...Object.keys(ours), ...(known ?? []), ...Object.keys(reserved)]);
  if (known === undefined) throw invalidOption(what, name, `one of ${Object.keys(ours).join(', ')}${didYouMean(name, names)}`);
  if (nearestName(name, names) !== undefined) throw invalidOption(what, name, `the name of an option${didYouMean(name, names)}`);
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
