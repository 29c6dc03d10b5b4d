import { invalidOption } from '../../errors/index.ts';
import { requireMilliseconds, requirePki } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, oneOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Selection } from '../../scenarios/catalogue/select-scenarios.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { BoundTokensSource } from '../../scenarios/run/bound-tokens/bound-token-settings.ts';
import type { ServerRequest } from '../../scenarios/run/server/server-request.ts';
import { requireFormat, requireNames, requireOneSource, requireStatuses } from './forwarded-options.ts';
import { bothVersions, selectionChecks } from './suite-options.ts';

/** Options of `describeBoundTokensUnderTest`. */
export interface BoundTokensSuiteOptions extends Omit<Selection, 'authorizes'> {
  /** Issues the certificates of the clients, and of a server that is started. Default: the run's PKI, or a new one; `target` needs the one that its server trusts. */
  readonly pki?: Pki | undefined;
  /** The version of TLS with which clients connect; default TLS 1.3. */
  readonly version?: TlsVersion | undefined;
  /** Milliseconds for each attempt; default 5,000. */
  readonly timeout?: number | undefined;
  /** Statuses by which the resource server refuses; default 400, 401 and 403. */
  readonly refusals?: readonly number[] | undefined;
  /** The path that is asked for. Default `/`. */
  readonly path?: string | undefined;
  /** Method, further headers and body of the requests. Default: GET. */
  readonly request?: ServerRequest | undefined;
}

/** Rejects what is not a resource server under test with the issuer of its tokens. */
export function requireBoundTokensSource(source: BoundTokensSource): void {
  requireOptionsOf(sourceSchema, source);
  const { start, target, issueToken, format } = source;
  functionOf('(claims) => string | Promise<string>')('issueToken', issueToken); // absent, as JavaScript may have it
  requireOneSource({ start, target });
  if (target !== undefined && format === undefined && !isAddress(target))
    throw invalidOption('target', typeof target, 'an ObservedServer or { host, port }; other servers behind a proxy, with format');
}

function isAddress(target: NonNullable<BoundTokensSource['target']>): boolean {
  return typeof target === 'object' && 'host' in target && 'port' in target && typeof target.port === 'number';
}

/** Options of `describeBoundTokensUnderTest`. */
export const boundTokensSchema: OptionSchema = {
  what: 'suite option',
  own: {
    ...selectionChecks,
    path: checkedWhereRead,
    request: checkedWhereRead,
    pki: requirePki,
    version: oneOf(bothVersions),
    timeout: requireMilliseconds,
    refusals: requireStatuses,
  },
  reserved: {
    versions: 'version; what is bound to a certificate is the same with both',
    authorizes: 'issueToken; a resource server authorizes by the token',
    issueToken: 'issueToken beside start or target',
  },
};

const sourceSchema: OptionSchema = {
  what: 'resource server under test',
  own: {
    start: functionOf('({ identity, trust }) => a server'),
    target: checkedWhereRead,
    issueToken: checkedWhereRead,
    format: requireFormat,
    names: requireNames,
  },
  reserved: {
    attempt: 'target; the tokens go into requests of the suite',
    authorizes: 'issueToken; a resource server authorizes by the token',
  },
};
