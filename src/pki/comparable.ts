import { printableLines } from '../errors/printable.ts';

/**
 * What assertion libraries see of a class with private fields. They compare and print own enumerable properties alone: any two instances
 * would be equal. And before they print a difference they copy an object by its prototype and own properties (measured with Vitest 4.1 and 5.1, Jest 29.7):
 * a copy has no private fields, and each getter of the class would throw where the difference belongs.
 */
const self: unique symbol = Symbol('the instance itself');

/** `util.inspect.custom` by its registered name: importing node:util only for this would cost start-up time. */
export const inspectSymbol: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Makes an instance comparable by what is shown of it, and gives its copies a way back to it. */
export function makeComparable(instance: object, shown: PropertyDescriptorMap): void {
  Object.defineProperty(instance, self, { value: () => instance }); // a function: assertion libraries neither copy one nor walk into it
  Object.defineProperties(instance, shown);
}

/** The instance of which this is a copy, or is itself. Getters read private fields of nothing else. */
export function original<T extends object>(it: T): T {
  const way = Reflect.get(it, self) as (() => T) | undefined; // only makeComparable sets it
  return way ? way() : it;
}

/** What `console.log` and `util.inspect` print of a class's instances. Not a method of the class: its declaration would mention the symbol. */
export function inspectedAs<T extends object>(type: { readonly prototype: T }, shown: (instance: T) => unknown): void {
  Object.defineProperty(type.prototype, inspectSymbol, {
    value(this: T): unknown {
      return printableParts(shown(this));
    },
  });
}

/** The same value with each text in it fit for a terminal: names of peers are among them. What has getters, or is of a class, is left as it is. */
function printableParts(value: unknown): unknown {
  if (typeof value === 'string') return printableLines(value);
  if (Array.isArray(value)) return value.map(printableParts);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([, { enumerable }]) => enumerable === true);
  if (members.some(([, member]) => !('value' in member))) return value;
  return Object.fromEntries(members.map(([name, member]) => [name, printableParts(member.value)]));
}

/** Getters of a class, to be own properties that are enumerated. */
export function gettersOf(prototype: object, names: readonly string[]): PropertyDescriptorMap {
  return Object.fromEntries(names.map((name) => [name, { ...Object.getOwnPropertyDescriptor(prototype, name), enumerable: true }]));
}
