import { contextConstructed, contextPrimitive, type Der, objectIdentifier, utf8String } from '../../../../asn1/der-writer.ts';
import { encodeName, type Subject } from '../../../../x509/names/distinguished-name.ts';
import { subjectAltName } from '../../../../x509/extensions.ts';
import { ipToOctets } from '../../../../x509/names/ip-address.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { leaf } from '../../changes.ts';
import type { Change } from '../../credential-definition.ts';

/** The client asks for this name or address, the leaf has it as its only alternative name, and its subject has no common name to fall back on. */
export function asksFor(host: string): Change {
  return (draft) => {
    draft.host = host;
    draft.leaf.subject = encodeName({ organization: 'mtls-fixtures' });
    draft.leaf.extend(subjectAltName([hostName(host)], false));
  };
}

/** The client is given the host in another spelling of the same address or name. */
export function spelled(spelling: string): Change {
  return (draft) => {
    draft.spelling = spelling;
  };
}

/** The leaf has these alternative names and no others. */
export function named(...names: readonly Der[]): Change {
  return leaf({ extend: [subjectAltName(names, false)] });
}

/** The leaf has no alternative names. */
export const unnamed: Change = leaf({ omit: [oid.subjectAltName] });

/** The leaf has this subject. */
export function subject(name: Subject): Change {
  return leaf({ subject: encodeName(name) });
}

/** A dNSName of any text, written as UTF-8 where it is not ASCII. */
export function dns(text: string): Der {
  return contextPrimitive(2, Buffer.from(text, 'utf8'));
}

/** An iPAddress of any octets. */
export function ip(...octets: readonly number[]): Der {
  return contextPrimitive(7, Uint8Array.from(octets));
}

/** A uniformResourceIdentifier of any text. */
export function uri(text: string): Der {
  return contextPrimitive(6, Buffer.from(text, 'utf8'));
}

/** An rfc822Name of any text. */
export function email(text: string): Der {
  return contextPrimitive(1, Buffer.from(text, 'utf8'));
}

/** An otherName whose value is one complete element. */
export function otherName(type: string, value: Der): Der {
  return contextConstructed(0, objectIdentifier(type), contextConstructed(0, value));
}

/** The name of a user, as Windows writes it: a UTF8String unless another value is given. */
export function userPrincipalName(name: string | Der): Der {
  return otherName('1.3.6.1.4.1.311.20.2.3', typeof name === 'string' ? utf8String(name) : name);
}

/** The alternative name by which a host is found. */
function hostName(host: string): Der {
  const octets = ipToOctets(host);
  return octets ? ip(...octets) : dns(host);
}
