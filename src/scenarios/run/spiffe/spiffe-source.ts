import type { Pki } from '../../../pki/pki.ts';
import type { TlsVersion } from '../../catalogue/scenario.ts';
import type { AskedOfServer } from '../server/server-request.ts';
import type { StartedServer } from '../target.ts';

/** A service under test that takes its identity and its trust from a SPIFFE Workload API. */
export interface SpiffeSource {
  /**
   * Starts the service. Returns, or promises, a Node server (listening or not), a Fastify or NestJS application, an `ObservedServer`, or `{ host, port, close }`. It is called again where a
   * scenario has broken the service.
   */
  readonly start: (context: SpiffeContext) => StartedServer | Promise<StartedServer>;
  /**
   * SPIFFE ids of the clients that the service authorizes: the first is of its own trust domain; a second one may be of another, with which the suite federates it. Every other workload is to
   * be refused.
   */
  readonly authorizes: string | readonly [string, string?];
  /** The SPIFFE id of the service. Default: `/service` in the trust domain of the first. */
  readonly id?: string | undefined;
  /** Where the service authenticates each request by a JWT-SVID too: clients send one of their id, and the scenarios about tokens are run. */
  readonly jwt?: SpiffeJwt | undefined;
  /** Milliseconds within which the service has to serve what the Workload API delivers; default 5,000. */
  readonly within?: number | undefined;
}

/** The tokens of a service that authenticates each request by a JWT-SVID. */
export interface SpiffeJwt {
  /** The audience that the service asks for. */
  readonly audience: string;
  /** The header that carries the token, and what stands before the token; default `authorization: Bearer`. */
  readonly header?: string | undefined;
}

/** What a service is started with. */
export interface SpiffeContext {
  /** `SPIFFE_ENDPOINT_SOCKET`: to add to the environment of a child process. */
  readonly env: { readonly SPIFFE_ENDPOINT_SOCKET: string };
  /** The same address. */
  readonly address: string;
  /** The SPIFFE id of the service. */
  readonly id: string;
  /** The SPIFFE ids that it is to authorize. */
  readonly authorizes: readonly string[];
}

/** How scenarios about workloads are run; checked. */
export interface SpiffeSettings extends AskedOfServer {
  /** Issues the SVIDs of the service's trust domain at the start; default: one of its own. */
  readonly pki?: Pki | undefined;
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  /** Statuses by which the service refuses. */
  readonly refusals: readonly number[];
  /** Bytes that the service answers to an authorized client, in place of a request of HTTP/1.1. */
  readonly exchange?: string | Uint8Array | undefined;
  /** Where the Workload API listens: a path, or a port of 127.0.0.1. Default: a socket in a new folder. */
  readonly socket?: string | undefined;
  readonly port?: number | undefined;
}
