import { inspectSymbol } from '../../pki/comparable.ts';

/**
 * A list that is made when it is first read: most importers do not run the catalogue, and making it takes as long as importing all the
 * rest of this package (measured on Node 26.10).
 */
export function lazyList<Item>(make: () => readonly Item[]): readonly Item[] {
  const items: Item[] = [];
  const filled = (): Item[] => {
    if (!Object.isFrozen(items)) Object.freeze(Object.assign(items, make()));
    return items;
  };
  // console.log reads the target of a Proxy, which may still be empty.
  Object.defineProperty(items, inspectSymbol, { value: () => [...filled()] });
  return new Proxy(items, {
    get: (_items, key) => Reflect.get(filled(), key) as unknown, // whatever arrays have
    has: (_items, key) => Reflect.has(filled(), key),
    ownKeys: () => Reflect.ownKeys(filled()),
    getOwnPropertyDescriptor: (_items, key) => Reflect.getOwnPropertyDescriptor(filled(), key),
    isExtensible: () => Reflect.isExtensible(filled()),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}
