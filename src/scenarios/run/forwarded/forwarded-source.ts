import type http from 'node:http';
import type net from 'node:net';
import type tls from 'node:tls';
import type { ForwardedFormat, HeaderNames } from '../../../forwarded/format.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { LegitimatePeer } from '../../catalogue/scenario.ts';
import type { ServerRequest } from '../server/server-request.ts';
import type { HttpAnswer } from './http-answers.ts';

/** What an application is started with. */
export interface ForwardedContext {
  /** Issues the clients that the proxy names. */
  readonly pki: Pki;
  /** PEM of the trust anchors of those clients: for an application that verifies them itself. */
  readonly trust: string;
  readonly format: ForwardedFormat;
  /** As they were given to the suite. */
  readonly names: HeaderNames;
}

/** Where an application is reached: a server of node:http, node:https or node:http2, listening or not, or its address. */
export type ForwardedAddress = net.Server | { readonly host: string; readonly port: number } | URL | string;

/** What `start` returns: a server, a handler such as Express', an application (Fastify, NestJS, Koa), or an address. */
export type StartedForwardedApplication =
  | ForwardedAddress
  | http.RequestListener
  | ((
      | { readonly server: net.Server }
      | { getHttpServer(): unknown }
      | { callback(): http.RequestListener }
      | { readonly host: string; readonly port: number }
      | { readonly url: URL | string }
    ) & {
      /** Another port of the application, that is not the proxy's. */
      readonly direct?: ForwardedAddress;
      close?(): unknown;
    });

/** An application that knows its clients by headers of a proxy. */
export interface ForwardedSource {
  /** Starts the application, on the port that the proxy calls. One of `start` and `target`. */
  readonly start?: ((context: ForwardedContext) => StartedForwardedApplication | Promise<StartedForwardedApplication>) | undefined;
  /** The application, which runs already or is about to listen. */
  readonly target?: ForwardedAddress | undefined;
  readonly format: ForwardedFormat;
  /** Names of headers that the operator chose. */
  readonly names?: HeaderNames | undefined;
  /** The one peer that the application authorizes, which the suite mints; default `{ commonName: 'client' }`. */
  readonly authorizes?: LegitimatePeer | undefined;
  /** `application` (default): the suite is the proxy, and calls the application's own port. `proxy`: the suite is a TLS client of proxy and application together. */
  readonly through?: 'application' | 'proxy' | undefined;
}

/** How scenarios about headers of a proxy are run; checked. */
export interface ForwardedSettings {
  readonly pki: Pki;
  /** Milliseconds for each answer. */
  readonly timeout: number;
  /** Default `/`. */
  readonly path?: string | undefined;
  readonly request?: ServerRequest | undefined;
  /** Statuses that say that the client is refused; default 400, 401, 403. */
  readonly refusals?: readonly number[] | undefined;
  /** Who the application says the client is; undefined where it says that it does not know. */
  readonly identity?: ((answer: HttpAnswer) => string | undefined) | undefined;
  /** Another port of the application, that is not the proxy's. */
  readonly direct?: ForwardedAddress | undefined;
  /** Whether the proxy verifies certificates. Default true, except for services that never do. */
  readonly proxyVerifies?: boolean | undefined;
  /** Options of node:tls, where the application wants TLS from its proxy. */
  readonly connect?: tls.ConnectionOptions | undefined;
}
