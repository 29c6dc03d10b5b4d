import { invalidOption } from '../../errors/index.ts';
import { isBytes } from '../../options/bytes.ts';
import { requireMilliseconds, requirePki, requireText } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Selection } from '../../scenarios/catalogue/select-scenarios.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { ServerRequest } from '../../scenarios/run/server/server-request.ts';
import type { SpiffeSource } from '../../scenarios/run/spiffe/spiffe-source.ts';
import { requireJwt } from '../../scenarios/run/spiffe/token-header.ts';
import { requireWorkloadId, trustDomainOf } from '../../x509/names/spiffe-id.ts';
import { requireStatuses } from './forwarded-options.ts';
import { bothVersions, selectionChecks } from './suite-options.ts';

/** Options of `describeSpiffeUnderTest`. */
export interface SpiffeSuiteOptions extends Omit<Selection, 'authorizes'> {
  /** Issues the first SVIDs of the service's trust domain. Default: a new one. */
  readonly pki?: Pki | undefined;
  /** The version of TLS with which clients connect; default TLS 1.3. */
  readonly version?: TlsVersion | undefined;
  /** Milliseconds for each attempt; default 5,000. */
  readonly timeout?: number | undefined;
  /** Statuses by which the service refuses; default 401 and 403. */
  readonly refusals?: readonly number[] | undefined;
  /** The path that is asked for. Default `/`. */
  readonly path?: string | undefined;
  /** Method, further headers and body of the requests. Default: GET. */
  readonly request?: ServerRequest | undefined;
  /** Bytes that the service answers to an authorized client, where it does not speak HTTP/1.1. */
  readonly exchange?: string | Uint8Array | undefined;
  /** Where the Workload API listens: the absolute path of a socket, or a port of 127.0.0.1 (0 for any free one). Default: a socket in a new folder. */
  readonly socket?: string | undefined;
  readonly port?: number | undefined;
}

/** Rejects what is not a service under test with its authorized clients, and options that it cannot have. */
export function requireSpiffeSuite(source: SpiffeSource, options: SpiffeSuiteOptions): void {
  requireSpiffeSource(source);
  requireOptionsOf(spiffeSuiteSchema, options);
  if (source.jwt && options.exchange !== undefined)
    throw invalidOption('exchange', options.exchange, 'nothing beside jwt: tokens are sent in requests of HTTP/1.1');
}

function requireSpiffeSource(source: SpiffeSource): void {
  requireOptionsOf(sourceSchema, source);
  const { start, authorizes, id } = source;
  functionOf(startSignature)('start', start); // absent, as JavaScript may have it
  requireAuthorizedIds(authorizes);
  const [first = ''] = [authorizes].flat();
  if (id !== undefined && trustDomainOf(id) !== trustDomainOf(first))
    throw invalidOption('id', id, `a SPIFFE id of the trust domain of the first authorized one, "${trustDomainOf(first)}"`);
}

function requireAuthorizedIds(authorizes: unknown): void {
  const ids: readonly unknown[] = Array.isArray(authorizes) ? authorizes : [authorizes];
  const [first, second] = ids;
  if (ids.length === 0 || ids.length > 2)
    throw invalidOption('authorizes', ids.length, 'one SPIFFE id, or a second one of another trust domain');
  requireWorkloadId(first);
  if (second === undefined) return;
  requireWorkloadId(second);
  if (trustDomainOf(second) === trustDomainOf(first))
    throw invalidOption('authorizes', second, 'the second to be of another trust domain than the first');
}

/** Options of `describeSpiffeUnderTest`. */
const spiffeSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: {
    ...selectionChecks,
    path: checkedWhereRead,
    request: checkedWhereRead,
    socket: checkedWhereRead,
    port: checkedWhereRead,
    pki: requirePki,
    version: oneOf(bothVersions),
    timeout: requireMilliseconds,
    refusals: requireStatuses,
    exchange: (option, value) => {
      if (!isBytes(value)) requireText(option, value);
    },
  },
  reserved: {
    versions: 'version; the Workload API is the same for both',
    authorizes: 'authorizes beside start',
    within: 'within beside start',
  },
};

const startSignature = '({ env, address }) => a server';
const sourceSchema: OptionSchema = {
  what: 'service under test',
  own: {
    start: functionOf(startSignature),
    authorizes: checkedWhereRead,
    id: (_option, value) => requireWorkloadId(value),
    jwt: requireJwt,
    within: requireMilliseconds,
  },
  reserved: {
    target: 'start; the Workload API has to run before the service',
    attempt: 'start; the clients are those of the suite',
  },
};
