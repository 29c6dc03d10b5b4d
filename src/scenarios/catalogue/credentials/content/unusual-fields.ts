import { readDer } from '../../../../asn1/der-reader.ts';
import { type Der, nullValue, objectIdentifier, sequence, setOf, utf8String } from '../../../../asn1/der-writer.ts';
import { type Extension, subjectAltName } from '../../../../x509/extensions.ts';
import { dnsName, ipName } from '../../../../x509/names/general-name.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { leaf } from '../../changes.ts';
import type { Change } from '../../credential-definition.ts';

/** An extension of a private kind. */
export const privateExtension: Extension = { oid: '1.3.6.1.4.1.55555.3', value: nullValue() };

/** The subject of the leaf is empty. */
export const emptySubject: Change = leaf({ subject: sequence() });

/** The leaf has the usual names of a server, also where it is a client's; critical or not. */
export function altNames(critical: boolean): Change {
  return leaf({ extend: [subjectAltName(usualNames(), critical)] });
}

/** The leaf has a thousand names in addition to the usual ones. */
export function manyNames(draft: CredentialDraft): void {
  const more = Array.from({ length: 1000 }, (_each, index) => dnsName(`host-${index}.example.test`));
  draft.leaf.extend(subjectAltName([...usualNames(), ...more], false));
}

/** The same Name with an organization before its other parts, whose value is any element. */
export function withOrganization(name: Der, value: Der): Der {
  return sequence(setOf(sequence(objectIdentifier(oid.organization), value)), ...readDer(name, 'name').children.map(({ bytes }) => bytes));
}

/** One part of a Name: a common name of 200 characters. */
export function longName(): Der {
  return setOf(sequence(objectIdentifier(oid.commonName), utf8String('x'.repeat(200))));
}

/** A SEQUENCE whose length is written in two octets more than it needs. */
export function withLongLength(content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(6);
  header[0] = 0x30;
  header[1] = 0x84;
  header.writeUInt32BE(content.length, 2);
  return Buffer.concat([header, content]);
}

function usualNames(): Der[] {
  return [dnsName('localhost'), ipName('127.0.0.1'), ipName('::1')];
}
