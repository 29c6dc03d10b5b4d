import { invalidOption } from '../../errors/index.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { requireMilliseconds, requirePki, requireResponderHost } from '../../options/checks.ts';
import { checkedWhereRead, functionOf, type OptionSchema } from '../../options/schema.ts';
import type { KeyAlgorithm } from '../../pki/key-algorithm.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Selection } from '../../scenarios/catalogue/select-scenarios.ts';
import type { Stack, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { Respond } from '../../scenarios/run/client/respond.ts';
import type { StartPeer } from '../../scenarios/run/client/start-peer.ts';
import type { HostsUnderTest } from '../../scenarios/run/hosts-under-test.ts';
import type { ServerPki } from '../../scenarios/run/run-settings.ts';
import type { ServerRequest } from '../../scenarios/run/server/server-request.ts';
import type { AttemptFunction, StartServer } from '../../scenarios/run/target.ts';
import { requireServerKeys } from './server-key-list.ts';

/** Options of both suites. */
export interface SuiteOptions extends Selection {
  /** Default both, of which a version that the target does not speak is skipped; a version that is asked for here and is not spoken fails. */
  readonly versions?: readonly TlsVersion[];
  /** The TLS stack under test, for its known divergences. */
  readonly stack?: Stack;
  /** Milliseconds for each attempt or call; default 5,000. Vitest's `testTimeout` does not cut it short. */
  readonly timeout?: number;
}

/** The server under test, exactly one of: one that is started as it is told to be configured, one that runs already, or a function that uses it. */
export type ServerUnderTestSource =
  | { readonly start: StartServer; readonly target?: never; readonly attempt?: never }
  | {
      readonly target: ObservedServer | Endpoint | (() => ObservedServer | Endpoint | Promise<ObservedServer | Endpoint>);
      readonly start?: never;
      readonly attempt?: never;
    }
  | { readonly attempt: AttemptFunction; readonly start?: never; readonly target?: never };

/** Options of `describeServerUnderTest`. */
export interface ServerSuiteOptions extends SuiteOptions {
  /** The PKI whose clients the server accepts. Default: the run's PKI, or a new one; `target` and `attempt` need the one that their server trusts. */
  readonly pki?: Pki;
  /** The PKI that issued the server's certificate, where it is another: `start` gets an identity of it. For `target` and `attempt` `{ anchors }` is enough, as PEM. Default `pki`. */
  readonly serverPki?: ServerPki;
  /**
   * The names that the server has beside its default (SNI), each with the PKI whose clients it accepts there: the scenarios are run at each of them too. `start` gets them as `hosts` of
   * its configuration, an attempt as `servername`.
   */
  readonly hosts?: HostsUnderTest;
  /** Algorithms of keys with which the server is to be started too, and meets the tier `core` (or `only`) with each: `['ec-p384', 'rsa-2048', 'ed25519']`. Needs `start`. */
  readonly serverKeys?: readonly KeyAlgorithm[];
  /** The path that scenarios which send a request over HTTP ask for. Default `/`. */
  readonly path?: string;
  /** Method, headers and body of that request. Default: GET. */
  readonly request?: ServerRequest;
  /** The address at which the OCSP responders of scenarios listen, where the server under test cannot reach 127.0.0.1: such as `bindAddress` of `hostGateway()` for containers. */
  readonly responderHost?: string;
}

/** Options of `describeClientUnderTest`. */
export interface ClientSuiteOptions extends SuiteOptions {
  /** Default: the run's PKI, or a new one. */
  readonly pki?: Pki;
  /** Starts the servers that the client is to call, with the options it is given; default HTTP/2 and HTTP/1.1 by ALPN. `startTlsServer` fits. */
  readonly startPeer?: StartPeer;
  /** What those servers answer where `startPeer` is not given: a handler `(request, response)`, or a value to send as JSON. Default: `ok` as plain text. */
  readonly respond?: Respond;
}

/** Which scenarios are run, and what is expected of them: checked, as is all that the code of scenarios reads, when the suite has loaded it. */
export const selectionChecks = {
  only: checkedWhereRead,
  skip: checkedWhereRead,
  tiers: checkedWhereRead,
  expected: checkedWhereRead,
};

const own = {
  ...selectionChecks,
  authorizes: checkedWhereRead,
  versions: requireVersions,
  stack: checkedWhereRead,
  timeout: requireMilliseconds,
  pki: requirePki,
};

/** Options of `describeServerUnderTest`. */
export const serverSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: {
    ...own,
    serverPki: checkedWhereRead,
    serverKeys: requireServerKeys,
    hosts: checkedWhereRead,
    path: checkedWhereRead,
    request: checkedWhereRead,
    responderHost: requireResponderHost,
  },
  reserved: {
    startPeer: 'start; startPeer is an option of describeClientUnderTest',
    respond: 'start; respond is an option of describeClientUnderTest',
  },
};

/** Options of `describeClientUnderTest`. */
export const clientSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: { ...own, startPeer: functionOf('(options) => Promise<ObservedServer>'), respond: checkedWhereRead },
  reserved: {
    path: 'url of what call is given; path is an option of describeServerUnderTest',
    request: 'call; request is an option of describeServerUnderTest',
    responderHost: 'pki; responderHost is an option of describeServerUnderTest',
    serverKeys: 'startPeer; serverKeys is an option of describeServerUnderTest',
    serverPki: 'pki; serverPki is an option of describeServerUnderTest',
    hosts: 'startPeer; hosts is an option of describeServerUnderTest',
  },
};

/** Default of the suites' `timeout`. */
export const usualTimeout = 5000;

/** The versions that a suite knows, in the order in which it runs them. */
export const bothVersions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];

function requireVersions(option: string, versions: unknown): void {
  const names: readonly unknown[] = Array.isArray(versions) ? versions : [versions];
  const unknown = names.find((name) => !bothVersions.some((version) => version === name));
  if (unknown !== undefined || names.length === 0) throw invalidOption(option, unknown ?? 'none', `some of ${bothVersions.join(', ')}`);
}

/** Whether the tests of a block are skipped, by itself or a block around it: Vitest calls its function all the same. */
export function isSwitchedOff({ suite }: Pick<Block, 'suite'>): boolean {
  for (let block = suite; block; block = block.suite) if (block.mode === 'skip' || block.mode === 'todo') return true;
  return false;
}

/** What is needed of Vitest's own type. */
interface Block {
  readonly mode: string;
  readonly suite?: Block | undefined;
}
