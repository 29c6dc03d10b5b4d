/** Looks names up by the numbers of a registry; the table that it needs is built at the first question. */
export function namesByNumber<Name extends string>(numbers: Readonly<Record<Name, number>>): (number: number) => Name | undefined {
  let names: ReadonlyMap<number, Name> | undefined;
  return (number) => {
    names ??= new Map(Object.entries<number>(numbers).map(([name, value]) => [value, name as Name])); // entries forgets the names of a record
    return names.get(number);
  };
}

/** A number of 16 bits that has no name: GREASE (RFC 8701) under one name, since a client draws it anew for every connection; everything else in hexadecimal. */
export function unregistered(number: number): string {
  return isGrease(number) ? 'GREASE' : `0x${number.toString(16).padStart(4, '0')}`;
}

/** Whether a number of 16 bits is one of those that clients send to keep servers tolerant (RFC 8701 2). */
export function isGrease(number: number): boolean {
  return (number & 0x0f0f) === 0x0a0a && number >> 8 === (number & 0xff);
}
