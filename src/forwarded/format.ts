import type { Reason } from '../handshake/verdict/reasons/reason.ts';

/** How a proxy that ends TLS writes the client's certificate into headers. docs/forwarded.md has a table of them. */
export type ForwardedFormat =
  | 'rfc9440'
  | 'envoy'
  | 'nginx'
  | 'apache'
  | 'haproxy'
  | 'traefik'
  | 'caddy'
  | 'aws-alb'
  | 'aws-alb-passthrough'
  | 'gcp'
  | 'azure-app-service'
  | 'cloudflare'
  | 'kubernetes-front-proxy';

/**
 * What a header says of the client. A format has some of them: `certificate` is the header with the leaf (Envoy's one header), `chain` one with the issuers, `verify` one with
 * the proxy's verdict; `user`, `uid`, `groups` and `extra` (the beginning of a name) are Kubernetes' identity without a certificate; `info` is Traefik's text of several facts.
 */
export type ForwardedField =
  | 'certificate'
  | 'chain'
  | 'verify'
  | 'revoked'
  | 'present'
  | 'error'
  | 'subject'
  | 'issuer'
  | 'commonName'
  | 'serialNumber'
  | 'fingerprint'
  | 'notBefore'
  | 'notAfter'
  | 'validity'
  | 'dnsNames'
  | 'uris'
  | 'spiffeId'
  | 'user'
  | 'uid'
  | 'groups'
  | 'extra'
  | 'info';

/** Names of headers that an operator chose, by what they say; the others keep the format's own. */
export type HeaderNames = Readonly<Partial<Record<ForwardedField, string>>>;

/** The client of a connection, as the proxy knows it. */
export interface ForwardedClient {
  /** DER, the leaf first, as the client sent it; empty where it sent none. */
  readonly certificates: readonly Uint8Array[];
  /** Whether the proxy verified the certificate, or why it is not valid. */
  readonly verified: boolean | Reason | (string & {});
  /** Whether the issuers are sent too, where the format leaves that to the operator. */
  readonly chain: boolean;
  /** Envoy's `By`: the URI name of the proxy's own certificate. */
  readonly by?: string | undefined;
}

/** One header line, as it is on the wire: each character of the value is one octet (latin1, as Node's `http` has it). */
export type HeaderLine = readonly [name: string, value: string];

/** A line by what it says; `rest` is what follows the name of a field that is the beginning of a name. */
export type FieldLine = readonly [field: ForwardedField, value: string, rest?: string];

/** The lines of a request that belong to a format, by what they say, in the order in which they came; no entry for what did not come. */
export type FieldLines = Readonly<Partial<Record<ForwardedField, readonly string[]>>>;

/** What was read. */
export interface ParsedFields {
  /** DER, the leaf first; empty where the headers hold no certificate. */
  readonly certificates: readonly Uint8Array[];
  /** What the proxy says of its verification; absent where the format does not say. */
  readonly verified?: boolean | undefined;
  /** The other facts, decoded to text, by the name that the format has for them. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** How headers are read. */
interface ParseOptions {
  /** How many trusted proxies have appended themselves, where the format lets them: the client of the outermost is meant. Undefined: one, and nothing before it. */
  readonly hops?: number | undefined;
  /** The lines of the format's `prefix`, by the rest of their names. */
  readonly prefixed?: readonly HeaderLine[] | undefined;
}

/** One format: how it is written, and how it is read. A row of `formats.ts`. */
export interface HeaderFormat {
  readonly format: ForwardedFormat;
  /** The names of its headers, as the proxy writes them. */
  readonly names: HeaderNames;
  /** The lines that the proxy sends, in its order; for a client without certificate what it sends then. */
  readonly write: (client: ForwardedClient) => readonly FieldLine[];
  /** Reads them, strictly; throws `FORWARDED_INVALID` by `malformed()`. Lines of a field that may come once only were checked before. */
  readonly parse: (lines: FieldLines, options: ParseOptions) => ParsedFields;
  /** Fields that may come in several lines; every other one is malformed where it comes twice. */
  readonly repeatable: readonly ForwardedField[];
  /** The field whose name is the beginning of names of headers, where there is one. */
  readonly prefix?: ForwardedField;
}
