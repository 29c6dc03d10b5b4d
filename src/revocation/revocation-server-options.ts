import { invalidOption, type MtlsFixturesError } from '../errors/index.ts';
import { requireBoolean, requireCount, requireHost, requireIntegerIn } from '../options/checks.ts';
import { type Check, type OptionSchema, requireOptionsOf } from '../options/schema.ts';
import type { Authority } from '../pki/authority.ts';
import type { OcspOptions } from '../pki/revocation/ocsp-responder.ts';
import { Pki } from '../pki/pki.ts';
import type { CrlOptions } from '../pki/revocation/revocation-register.ts';

/**
 * How to answer OCSP requests. `unavailable`: HTTP 503. `garbage`: bytes that are not an OCSP response. Options as in `authority.ocspResponse()`: another status, a stale
 * response, another signer; an empty object for what the authority's own revocations say.
 */
export type OcspReply = OcspOptions | 'unavailable' | 'try-later' | 'garbage';

/** What to answer in place of the truth, to see what a client makes of it. */
export interface RevocationAnswers {
  /** Default: what the authority's own revocations say. A function decides for each request, by the serial number of the first certificate that it asks about. */
  readonly ocsp?: OcspReply | ((asked: { readonly serialNumber: string }) => OcspReply) | undefined;
  /** Likewise for CRLs; options as in `authority.crl()`, such as a `nextUpdate` in the past. */
  readonly crl?: CrlOptions | 'unavailable' | 'garbage' | undefined;
}

/** How to start a revocation server. */
export interface RevocationServerOptions extends RevocationAnswers {
  /** The address to bind; default 127.0.0.1. Others than loopback are warned of, once: `MTLS_FIXTURES_NOT_LOOPBACK`. */
  readonly host?: string | undefined;
  /** Other machines are meant to reach it: no warning. Default `false`. */
  readonly exposed?: boolean | undefined;
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** How many requests `requests` remembers, the newest; default 1000, which is at most 16 MB (Node reads URLs of 16 KB). `Infinity`: all. */
  readonly maxRequests?: number | undefined;
}

/** Everything a revocation server needs, checked. */
export interface ParsedRevocationServer {
  /** The root and its intermediates, from the top. */
  readonly authorities: readonly Authority[];
  readonly issuer: Authority;
  readonly answers: RevocationAnswers;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number;
  readonly maxRequests: number;
}

/** Checks them, before anything opens. */
export function parseRevocationServer(pki: Pki, options: RevocationServerOptions): ParsedRevocationServer {
  if (!(pki instanceof Pki)) throw invalid('revocation server', pki, 'a Pki');
  requireOptionsOf(revocationServerSchema, options);
  const { host = '127.0.0.1', exposed = false, port = 0, maxRequests = 1000, ocsp, crl } = options;
  // Tried once, so that errors in them are reported here and not in an answer.
  if (typeof ocsp === 'object') pki.issuer.ocspResponse(1n, ocsp);
  if (crl !== undefined && typeof crl !== 'string') pki.issuer.crl(crl);

  const authorities: Authority[] = [];
  for (let next: Authority | undefined = pki.issuer; next; next = next.parent) authorities.unshift(next);
  const answers = { ...(ocsp !== undefined && { ocsp }), ...(crl !== undefined && { crl }) };
  return { authorities, issuer: pki.issuer, answers, host, exposed, port, maxRequests };
}

function invalid(option: string, value: unknown, expected: string): MtlsFixturesError {
  return invalidOption(option, typeof value === 'object' ? typeof value : value, expected);
}

/** Options of their own, or one of these words. */
function optionsOr(words: readonly string[]): Check {
  return (option, value) => {
    if (typeof value === 'string' && !words.includes(value)) throw invalid(option, value, `options, or one of ${words.join(', ')}`);
  };
}

const revocationServerSchema = {
  what: 'revocation server option',
  own: {
    host: (_option: string, value: unknown) => requireHost(value, 'an address of this machine'),
    exposed: requireBoolean,
    port: (option: string, value: unknown) => requireIntegerIn(option, value, 0, 65_535),
    maxRequests: (option: string, value: unknown) => requireCount(option, value, 'how many requests to remember, 1 or more'),
    ocsp: optionsOr(['unavailable', 'try-later', 'garbage']),
    crl: optionsOr(['unavailable', 'garbage']),
  },
} satisfies OptionSchema;
