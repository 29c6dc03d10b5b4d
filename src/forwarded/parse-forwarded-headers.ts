import { MtlsFixturesError } from '../errors/index.ts';
import { requireIntegerIn } from '../options/checks.ts';
import { checkedWhereRead, type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import { inspectChain, type PeerCertificate } from '../x509/inspect-certificate.ts';
import type { FieldLines, ForwardedField, ForwardedFormat, HeaderFormat, HeaderLine, HeaderNames } from './format.ts';
import { formatNamed } from './formats.ts';
import { nameOf } from './forwarded-headers.ts';
import { requireHeaderNames } from './header-names.ts';
import { headerLines, type RequestHeaders } from './header-lines.ts';
import { malformed, malformedBy } from './malformed.ts';

/** What an application may believe of such headers, once it knows that its proxy sent them. */
export interface ForwardedIdentity {
  /** The client's certificate, with the issuers that were forwarded as its chain. Absent where the headers say that there was none, or the format has none. */
  readonly certificate?: PeerCertificate;
  /** The issuers that were forwarded, nearest first. */
  readonly chain: readonly PeerCertificate[];
  /** Whether the proxy says that it verified the certificate. Absent where the format does not say. */
  readonly verified?: boolean;
  /** What else the headers say, decoded to text, by the format's own names. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** Options of `parseForwardedHeaders`. */
export interface ParseForwardedHeadersOptions {
  /** Names of headers that an operator chose. Default: the format's. */
  readonly names?: HeaderNames | undefined;
  /**
   * How many trusted proxies have appended themselves to the header (Envoy's `APPEND_FORWARD`): the nth of its elements from the right is returned. Those on its left, which any
   * client may have sent, are only checked for agreement with their own certificates. Default: exactly one element is allowed. The other formats name the client of one proxy alone.
   */
  readonly hops?: number | undefined;
}

/**
 * Reads the headers of a format, strictly: for test code, not for production. Throws `FORWARDED_INVALID` for a header that comes twice, is encoded otherwise than the proxy does, or
 * contradicts another.
 */
export function parseForwardedHeaders(
  headers: RequestHeaders,
  format: ForwardedFormat,
  options: ParseForwardedHeadersOptions = {},
): ForwardedIdentity {
  const row = formatNamed(format);
  requireOptionsOf(schema, options);
  const { names, hops } = options;
  requireHeaderNames(row, names);
  const { lines, prefixed } = linesByField(row, headers, names);
  const { certificates, verified, fields } = underGivenNames(row, names, () => row.parse(lines, { hops, prefixed }));
  const certificate = certificates.length === 0 ? undefined : inspect(nameOf(row, 'certificate', names), certificates);
  return {
    ...(certificate && { certificate }),
    chain: certificate?.chain ?? [],
    ...(verified !== undefined && { verified }),
    fields,
  };
}

/** A format names the header that is malformed as the proxy does; the operator's name takes its place. */
function underGivenNames<Read>(row: HeaderFormat, names: HeaderNames | undefined, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MtlsFixturesError) || !isMalformed(error)) throw error;
    const { header, problem } = error.facts;
    const field = fieldsOf(row).find((each) => row.names[each] === header);
    throw field && names?.[field] !== undefined ? malformed(nameOf(row, field, names), problem) : error;
  }
}

function isMalformed(error: MtlsFixturesError): error is MtlsFixturesError<'FORWARDED_INVALID'> {
  return error.code === 'FORWARDED_INVALID';
}

function fieldsOf({ names }: HeaderFormat): ForwardedField[] {
  return Object.keys(names) as ForwardedField[]; // its own keys
}

interface LinesOfFormat {
  readonly lines: FieldLines;
  readonly prefixed: readonly HeaderLine[];
}

function linesByField(row: HeaderFormat, headers: RequestHeaders, names: HeaderNames | undefined): LinesOfFormat {
  const known = fieldsOf(row).map((field) => ({ field, name: nameOf(row, field, names) }));
  const lines: Partial<Record<ForwardedField, string[]>> = {};
  const prefixed: HeaderLine[] = [];
  for (const [name, value] of headerLines(headers)) {
    const entry = known.find((each) => (each.field === row.prefix ? startsWith(name, each.name) : isSame(name, each.name)));
    if (!entry) continue;
    const { field } = entry;
    if (field === row.prefix) prefixed.push([name.slice(entry.name.length), value]);
    if (lines[field] && !row.repeatable.includes(field)) throw malformed(entry.name, 'it came twice');
    (lines[field] ??= []).push(value);
  }
  return { lines, prefixed };
}

function startsWith(name: string, prefix: string): boolean {
  return isSame(name.slice(0, prefix.length), prefix);
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

function inspect(header: string, certificates: readonly Uint8Array[]): PeerCertificate {
  try {
    return inspectChain(certificates);
  } catch (error) {
    throw malformedBy(header, error);
  }
}

const schema: OptionSchema = {
  what: 'option of parseForwardedHeaders',
  own: { names: checkedWhereRead, hops: (option, value) => requireIntegerIn(option, value, 1, mostHops) },
};
const mostHops = 100;
