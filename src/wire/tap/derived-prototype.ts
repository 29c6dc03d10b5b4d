/**
 * Puts a step between an object and its class that answers some of its members differently: nothing shows among the object's own keys, and each member is as
 * enumerable as the one that it stands before. One step for each class and set of members: members of its own would cost every connection a hundredth of a handshake.
 */
export class DerivedPrototypes<Base extends object = object> {
  readonly #members: (base: Base) => Readonly<Record<string, PropertyDescriptor>>;
  readonly #derived = new WeakMap<object, object>();

  /** `members`: those to put in front of the ones that `base` has. */
  constructor(members: (base: Base) => Readonly<Record<string, PropertyDescriptor>>) {
    this.#members = members;
  }

  /** Gives an object the members in front of its class's; returns how to take them away. */
  apply(object: object): () => void {
    const base: unknown = Object.getPrototypeOf(object);
    if (typeof base !== 'object' || base === null) return () => {};
    const derived = this.#derived.get(base) ?? this.#derive(base);
    Object.setPrototypeOf(object, derived);
    return () => {
      if (Object.getPrototypeOf(object) === derived) Object.setPrototypeOf(object, base);
    };
  }

  #derive(base: object): object {
    // What stands in front of a class is made for objects of that class.
    const members = Object.entries(this.#members(base as Base)).map(([name, descriptor]) => [
      name,
      { configurable: true, ...('value' in descriptor && { writable: true }), ...likeBase(base, name, descriptor) },
    ]);
    const derived = Object.create(base, Object.fromEntries(members) as PropertyDescriptorMap) as object; // entries of descriptors, made above
    this.#derived.set(base, derived);
    return derived;
  }
}

/** The member of a class that one in front of it goes on to. */
export function callBase(base: object, name: string, target: object, args: readonly unknown[]): unknown {
  const member: unknown = Reflect.get(base, name, target);
  return typeof member === 'function' ? Reflect.apply(member, target, args) : undefined;
}

/** As enumerable as the member of the class, and a method with its name and length. */
function likeBase(base: object, name: string, descriptor: PropertyDescriptor): PropertyDescriptor {
  const original = descriptorOf(base, name);
  const method: unknown = original?.value;
  if (typeof method === 'function' && typeof descriptor.value === 'function')
    for (const fact of ['name', 'length'] as const)
      Object.defineProperty(descriptor.value, fact, { configurable: true, value: method[fact] });
  return { ...descriptor, enumerable: original?.enumerable === true };
}

function descriptorOf(base: object, name: string): PropertyDescriptor | undefined {
  for (let owner: object | null = base; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}
