import type tls from 'node:tls';
import { invalidOption, type MtlsFixturesError, typeName } from '../../errors/index.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import { isObservedServer } from '../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import type { Identity } from '../../pki/identity.ts';
import type { TlsVersion } from '../catalogue/scenario.ts';

/** What a client library needs to connect with one credential. PEM; spread it into the options of tls, https, undici, pg, ioredis and others. */
export interface AttemptMaterial {
  /** PKCS#8 PEM; absent where no client certificate is to be presented. */
  readonly key?: string;
  /** PEM: the leaf, then its intermediates. */
  readonly cert?: string;
  /** PEM of the anchors of the server's chain. */
  readonly ca: string;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** The name to ask for (SNI) and to verify; only for servers with `hosts`, at one of them. */
  readonly servername?: string;
  /** Only where OpenSSL's default security level would refuse to load the credential. */
  readonly ciphers?: string;
}

/** Uses the service once with the user's own client library: resolves when it was accepted, rejects when it was not. */
export type AttemptFunction = (tls: AttemptMaterial) => Promise<unknown>;

/** How a server under test is to be configured. */
export interface ServerConfiguration {
  /** What it presents. */
  readonly identity: Identity;
  /** PEM of the trust anchors whose clients it is to accept. */
  readonly trust: string;
  /** PEM of the CRLs it is to check; undefined where it is to check none. A list as node:tls takes it, which wants it writable. */
  readonly crl?: string[] | undefined;
  /** The same for each name of the option `hosts`, as the option `hosts` of `startHttpsServer` takes it; absent without that option. */
  readonly hosts?: Readonly<Record<string, HostConfiguration>>;
}

/** How one host of a server under test is to be configured. */
export type HostConfiguration = Omit<ServerConfiguration, 'hosts'>;

/** A server that a `start` function has started; closed after use. Of an application its server is tried, and the application closed. */
export type StartedServer = tls.Server | ObservedServer | StartedApplication | (Endpoint & { close?(): unknown });

/** An application around a TLS server of Node: `server` of a Fastify instance, `getHttpServer()` of a NestJS application. */
export type StartedApplication = ({ readonly server: tls.Server } | { getHttpServer(): unknown }) & { close(): unknown };

/** Starts a server under test as it is told to be configured. A server of node:tls, node:https or node:http2 may listen already or not, also that of an application. */
export type StartServer = (configuration: ServerConfiguration) => StartedServer | Promise<StartedServer>;

/** What a client scenario is run against. */
export type ServerTarget = ObservedServer | Endpoint | AttemptFunction | StartableServer;

/** A server that can be started anew for each configuration. */
export interface StartableServer {
  readonly start: StartServer;
  /** One that runs already, in the usual configuration: identity and trust of the PKI, no CRLs. */
  readonly running?: ObservedServer | Endpoint;
}

/** What a client under test is given. */
export interface PeerToCall {
  /** `https://<host>:<port>` */
  readonly url: string;
  /** The name or address to connect to and to verify. */
  readonly host: string;
  readonly port: number;
  /**
   * The valid client's own credential and the anchors it is to trust, PEM; `servername` where the name to verify is another than `host`,
   * `crl` where revocation is to be checked.
   */
  readonly tls: {
    readonly key: string;
    readonly cert: string;
    readonly ca: string;
    readonly servername?: string;
    readonly crl?: string[];
  };
  /** 2 for the second of two calls in a row of one scenario, which a client that lives longer than a call makes with what it has kept; 1 for every other call. */
  readonly call: 1 | 2;
}

/** The client under test: resolves when the peer was trusted and answered, rejects when it was refused. */
export type ClientCall = (peer: PeerToCall) => Promise<unknown>;

/** Throws `OPTION_INVALID` for what no server can be. */
export function parseServerTarget(target: unknown): ServerTarget {
  if (isObservedServer(target)) return target;
  if (typeof target === 'function') return target as AttemptFunction; // what it takes shows when it is called
  if (typeof target === 'object' && target !== null) {
    if ('start' in target && typeof target.start === 'function') return target as StartableServer; // as above
    if ('host' in target && 'port' in target) return target as ObservedServer | Endpoint; // checked by attemptHandshake
  }
  throw invalid(target, 'an ObservedServer, { host, port }, { start }, or a function (tls) => Promise');
}

/** Throws `OPTION_INVALID` for what is not a client to call. */
export function parseClientCall(target: unknown): ClientCall {
  if (typeof target === 'function') return target as ClientCall; // as above
  throw invalid(target, 'a function ({ url, host, port, tls, call }) => Promise');
}

function invalid(value: unknown, expected: string): MtlsFixturesError {
  return invalidOption('target', typeName(value), expected);
}
