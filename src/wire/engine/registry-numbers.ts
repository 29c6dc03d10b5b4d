import { invalidOption } from '../../errors/index.ts';
import { cipherSuiteNumbers } from '../registry/cipher-suites.ts';
import { groups } from '../registry/names.ts';

/** The number of a cipher suite by the registry's name. */
export function cipherSuiteNumber(name: string): number {
  return numberIn(cipherSuiteNumbers, name, 'cipherSuites');
}

/** The number of a key-exchange group by the registry's name. */
export function groupNumber(name: string): number {
  return numberIn(groups, name, 'groups');
}

function numberIn(numbers: Readonly<Record<string, number>>, name: string, option: string): number {
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (number === undefined) throw invalidOption(option, name, 'a name of the TLS registry');
  return number;
}
