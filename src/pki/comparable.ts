/**
 * What assertion libraries see of a class with private fields. They compare and print own enumerable properties alone: any two instances
 * would be equal. And before they print a difference they copy an object by its prototype and own properties (measured with Vitest 4.1 and 5.1, Jest 29.7):
 * a copy has no private fields, and each getter of the class would throw where the difference belongs.
 */
const self: unique symbol = Symbol('the instance itself');

/** Makes an instance comparable by what is shown of it, and gives its copies a way back to it. */
export function makeComparable(instance: object, shown: PropertyDescriptorMap): void {
  Object.defineProperty(instance, self, { value: () => instance }); // a function: nobody copies one, or walks into it
  Object.defineProperties(instance, shown);
}

/** The instance of which this is a copy, or is itself. Getters read private fields of nothing else. */
export function original<T extends object>(it: T): T {
  const way = Reflect.get(it, self) as (() => T) | undefined; // only makeComparable sets it
  return way ? way() : it;
}

/** Getters of a class, to be own properties that are enumerated. */
export function gettersOf(prototype: object, names: readonly string[]): PropertyDescriptorMap {
  return Object.fromEntries(names.map((name) => [name, { ...Object.getOwnPropertyDescriptor(prototype, name), enumerable: true }]));
}
