import { contextConstructed, contextPrimitive, type Der, sequence } from '../../asn1/der-writer.ts';
import { invalidOption, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { textList } from '../../options/checks.ts';
import type { Subject } from './distinguished-name.ts';
import type { Extension } from '../extensions.ts';
import { directoryName } from './general-name.ts';
import { ipToOctets } from './ip-address.ts';
import { oid } from '../object-identifiers.ts';

/** Subtrees of names (RFC 5280 4.2.1.10): host names cover what is below them, IP addresses are given as CIDR blocks. */
export interface NameSubtrees {
  /** E.g. `example.test`; covers itself and every name below. */
  readonly dns?: string | readonly string[] | undefined;
  /** E.g. `10.0.0.0/8`, `fd00::/8`. */
  readonly ip?: string | readonly string[] | undefined;
  /** Host of a URI; with a leading dot every host below. */
  readonly uri?: string | readonly string[] | undefined;
  /** A mailbox, a host, or with a leading dot every host below. */
  readonly email?: string | readonly string[] | undefined;
  readonly directory?: readonly Subject[] | undefined;
}

/** What a CA may vouch for: names within `permitted` and outside `excluded`. */
export interface NameConstraints {
  readonly permitted?: NameSubtrees | undefined;
  readonly excluded?: NameSubtrees | undefined;
}

/** Throws `OPTION_INVALID` where there is no subtree at all, which RFC 5280 forbids to write. */
export function nameConstraints(constraints: NameConstraints): Extension {
  requireKnown('nameConstraints', constraints, ['permitted', 'excluded']);
  const { permitted, excluded } = constraints;
  if (!permitted && !excluded) throw noSubtree('{}');
  const parts = [
    ...(permitted ? [contextConstructed(0, ...subtrees(permitted))] : []),
    ...(excluded ? [contextConstructed(1, ...subtrees(excluded))] : []),
  ];
  return { oid: oid.nameConstraints, critical: true, value: sequence(...parts) };
}

function subtrees(names: NameSubtrees): Der[] {
  requireKnown('nameConstraints subtree', names, ['dns', 'ip', 'uri', 'email', 'directory']);
  const bases = basesOf(names);
  if (bases.length === 0) throw noSubtree(JSON.stringify(names));
  return bases.map((base) => sequence(base));
}

function basesOf({ dns, ip, uri, email, directory }: NameSubtrees): Der[] {
  return [
    ...textList('nameConstraints', dns).map((name) => contextPrimitive(2, ascii('DNS subtree', name))),
    ...textList('nameConstraints', ip).map((block) => contextPrimitive(7, addressBlock(block))),
    ...textList('nameConstraints', uri).map((host) => contextPrimitive(6, ascii('URI subtree', host))),
    ...textList('nameConstraints', email).map((mailbox) => contextPrimitive(1, ascii('e-mail subtree', mailbox))),
    ...subjects(directory).map(directoryName),
  ];
}

function addressBlock(block: string): Uint8Array {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/u.exec(textOf(block)) ?? [];
  const octets = ipToOctets(address);
  const prefix = Number(bits);
  if (!octets || prefix > octets.length * 8)
    throw new MtlsFixturesError('NAME_INVALID', {
      kind: 'IP subtree',
      value: textOf(block),
      problem: 'it is not an address block such as 10.0.0.0/8',
    });
  const mask = octets.map((_octet, index) => (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff);
  return Uint8Array.from([...octets.map((octet, index) => octet & (mask[index] ?? 0)), ...mask]);
}

function ascii(kind: string, text: string): Uint8Array {
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/u.test(text))
    throw new MtlsFixturesError('NAME_INVALID', { kind, value: textOf(text), problem: 'it is empty or not ASCII' });
  return Buffer.from(text, 'latin1');
}

function noSubtree(value: string): MtlsFixturesError {
  return invalidOption('nameConstraints', value, 'permitted or excluded, with at least one of dns, ip, uri, email, directory');
}

/** A misspelled word would silently leave a name unconstrained. */
function requireKnown(option: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) throw invalidOption(option, value, `an object with ${known.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalidOption(option, unknown, `one of ${known.join(', ')}`);
}

/** Not one subject alone: a list of them cannot be told from a subject that is a list. */
function subjects(value: readonly Subject[] | undefined): readonly Subject[] {
  if (value !== undefined && !Array.isArray(value)) throw invalidOption('nameConstraints directory', typeof value, 'a list of subjects');
  return value ?? [];
}
