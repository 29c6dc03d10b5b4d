import type tls from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { requireBoolean, requireMilliseconds, requireOptions, requirePki, requireText } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema } from '../../options/schema.ts';
import type { ForwardedFormat } from '../../forwarded/format.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Selection } from '../../scenarios/catalogue/select-scenarios.ts';
import type { ForwardedAddress } from '../../scenarios/run/forwarded/forwarded-source.ts';
import type { HttpAnswer } from '../../scenarios/run/forwarded/http-answers.ts';
import type { ServerRequest } from '../../scenarios/run/server/server-request.ts';
import { selectionChecks } from './suite-options.ts';

/** Options of `describeForwardedUnderTest`. */
export interface ForwardedSuiteOptions extends Omit<Selection, 'authorizes'> {
  /** Issues the clients that the proxy names. Default: the run's PKI, or a new one. */
  readonly pki?: Pki;
  /** Milliseconds for each answer; default 5,000. */
  readonly timeout?: number;
  /** What the application is asked for, on behalf of the client; default `/`. */
  readonly path?: string;
  /** Method, headers and body of that request. Default: GET. */
  readonly request?: ServerRequest;
  /** The statuses by which the application refuses a client; default 400, 401, 403. What is too large may also be refused with 413, 414 and 431. */
  readonly refusals?: readonly number[];
  /**
   * Who the application says the client is, from an answer with a status of 2xx; undefined where it says that it does not know. Any other name than that of the authorized client
   * counts as refused. Of each of a client's certificates it has to be the same.
   */
  readonly identity?: (answer: HttpAnswer) => string | undefined;
  /**
   * Another port of the application, which is not the proxy's: for the scenario that goes there. `start` may return it too; an https URL, or a server, where
   * it speaks TLS. The proxy's certificate in `connect` is left out there. Default, where `connect` has one: the same port without it.
   */
  readonly direct?: ForwardedAddress;
  /**
   * Whether the proxy is configured to verify clients. Where it is not, the application has to verify the chain, by the PKI's anchors, and the dates itself. Default true, except for
   * formats of services that never verify (`azure-app-service`, `aws-alb-passthrough`).
   */
  readonly proxyVerifies?: boolean;
  /** Options of node:tls, where the application wants TLS from its proxy: the proxy's `key` and `cert`, and `ca`. Behind `through: 'proxy'`: `ca` and `servername` of the proxy. */
  readonly connect?: tls.ConnectionOptions;
}

/** What `start` is called with, for messages. */
const startSignature = '({ pki, trust, format, names }) => an application';

/** What is tested, for checking it. */
export const forwardedSourceSchema: OptionSchema = {
  what: 'application under test',
  own: {
    start: functionOf(startSignature),
    target: checkedWhereRead,
    format: requireFormat,
    names: requireNames,
    authorizes: checkedWhereRead,
    through: oneOf(['application', 'proxy']),
  },
  reserved: { attempt: 'start or target; the suite writes requests that no client library sends' },
};

/** Options, for checking them. */
export const forwardedSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: {
    ...selectionChecks,
    pki: requirePki,
    timeout: requireMilliseconds,
    path: checkedWhereRead,
    request: checkedWhereRead,
    refusals: requireStatuses,
    identity: functionOf('({ status, headers, body }) => string | undefined'),
    direct: checkedWhereRead,
    proxyVerifies: requireBoolean,
    connect: requireOptions,
  },
  reserved: {
    authorizes: 'authorizes beside start or target',
    names: 'names beside start or target',
    format: 'format beside start or target',
    version: 'nothing; what comes to the application is HTTP',
    versions: 'nothing; what comes to the application is HTTP',
  },
};

/** Exactly one of `start` and `target`. */
export function requireOneSource({ start, target }: { readonly start?: unknown; readonly target?: unknown }): void {
  if ((start === undefined) !== (target === undefined)) return;
  throw invalidOption(
    'start and target',
    start === undefined ? 'neither' : 'both',
    'one of them: start, which returns the application, or target, where it is reached',
  );
}

/** Rejects what is not the name of a format. */
export function requireFormat(option: string, value: unknown): void {
  oneOf(formatNames)(option, value);
}

/** Rejects what are not names of headers. Which fields a format has is checked where the format is read. */
export function requireNames(option: string, value: unknown): void {
  requireOptions(option, value);
  for (const [field, name] of Object.entries(value)) {
    requireText(`${option}.${field}`, name);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u.test(String(name))) throw invalidOption(`${option}.${field}`, name, 'the name of a header');
  }
}

/** Rejects what is not a list of statuses by which a client is refused. */
export function requireStatuses(option: string, value: unknown): void {
  const statuses: unknown[] = Array.isArray(value) ? value : [];
  if (statuses.length > 0 && statuses.every(isStatus)) return;
  throw invalidOption(option, value, 'a list of statuses from 300 to 599');
}

function isStatus(status: unknown): boolean {
  return typeof status === 'number' && Number.isInteger(status) && status >= 300 && status < 600;
}

const formatNames: readonly string[] = [
  'rfc9440',
  'envoy',
  'nginx',
  'apache',
  'haproxy',
  'traefik',
  'caddy',
  'aws-alb',
  'aws-alb-passthrough',
  'gcp',
  'azure-app-service',
  'cloudflare',
  'kubernetes-front-proxy',
] satisfies readonly ForwardedFormat[];
