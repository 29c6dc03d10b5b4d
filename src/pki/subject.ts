import { readDer } from '../asn1/der-reader.ts';
import type { Der } from '../asn1/der-writer.ts';
import { invalidOption, MtlsFixturesError } from '../errors/index.ts';
import type { Extension } from '../x509/extensions.ts';
import { decodeName, encodeName, type Subject, type SubjectAttributes } from '../x509/names/distinguished-name.ts';
import { asciiHost } from '../x509/names/general-name.ts';
import { oid } from '../x509/object-identifiers.ts';
import type { CertificateOptions, LeafOptions } from './leaf-options.ts';

/** The subject's Name. Throws `NAME_INVALID`, also for a common name that RFC 5280 does not allow for its length. */
export function subjectOf({ commonName, subject }: CertificateOptions, fallback: Subject): Der {
  if (commonName !== undefined && subject !== undefined) return requireCommonName(encodeName(withCommonName(subject, commonName)));
  if (subject !== undefined) return requireCommonName(encodeName(subject));
  return requireCommonName(encodeName(commonName === undefined ? fallback : [{ type: 'commonName', value: commonName }]));
}

/** A Name whose common names have at most 64 characters (RFC 5280 appendix A.1, ub-common-name), or `NAME_INVALID`. */
export function requireCommonName(name: Der): Der {
  if (name.length <= mostInCommonName) return name; // a longer one does not fit in
  const { parts } = decodeName(readDer(name, 'subject'));
  const long = parts.find(({ type, value }) => type === 'commonName' && charactersOf(value).length > mostInCommonName);
  if (!long) return name;
  const problem = `it has ${charactersOf(long.value).length} characters, and a common name has at most ${mostInCommonName} (RFC 5280 ub-common-name); shorten it, or leave it out and use dns, uri or email`;
  throw new MtlsFixturesError('NAME_INVALID', { kind: 'commonName', value: long.value, problem });
}

/** The first of the host names, which names the subject where nothing else does; non-strings are rejected as host names, not as a subject. */
export function firstHost({ dns }: LeafOptions): string | undefined {
  const hosts: readonly unknown[] = Array.isArray(dns) ? dns : [dns];
  return hosts.find((host) => typeof host === 'string');
}

/** The subject of a leaf for its first host name: that as A-labels, or the organization alone where it does not fit into a common name. Throws `NAME_INVALID` for what is not a host name. */
export function subjectForHost(host: string): SubjectAttributes {
  const commonName = asciiHost(host);
  return commonName.length > mostInCommonName ? { organization } : { commonName };
}

/** Rejects an empty subject where nothing else names what the certificate is for (RFC 5280 4.1.2.6). */
export function requireNamed(subject: Der, extensions: readonly Extension[]): void {
  if (!isEmptyName(subject) || extensions.some(({ oid: id }) => id === oid.subjectAltName)) return;
  throw new MtlsFixturesError('NAME_INVALID', {
    kind: 'subject',
    value: '{}',
    problem: 'it is empty, and there is no alternative name (RFC 5280 4.1.2.6); give it an attribute, or a leaf dns, ip, uri or email',
  });
}

/** Whether a Name has no attribute. */
export function isEmptyName(name: Der): boolean {
  return name.length <= emptyNameLength;
}

/** The characters of a text, as RFC 5280 counts them: code points, not UTF-16 units. */
export function charactersOf(text: string): readonly string[] {
  return text.match(/./gsu) ?? [];
}

function withCommonName(subject: Subject, commonName: string): Subject {
  const { commonName: own, CN: short } = Object(subject) as { readonly commonName?: unknown; readonly CN?: unknown }; // null and text have neither
  if (typeof subject === 'string' || Array.isArray(subject) || own !== undefined || short !== undefined)
    throw invalidOption('commonName', commonName, 'to be left out where subject already has the name');
  if (typeof subject !== 'object' || subject === null) return subject; // for encodeName to refuse
  const attributes: SubjectAttributes = subject as SubjectAttributes; // the check above leaves nothing else, which TypeScript does not see in a readonly list
  return { ...attributes, commonName };
}

/** The organization in names that this library makes up. */
export const organization = 'mtls-fixtures';
/** RFC 5280 appendix A.1, ub-common-name: characters. */
export const mostInCommonName = 64;
const emptyNameLength = 2;
