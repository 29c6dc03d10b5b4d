import type { ForwardedFormat, HeaderNames } from '../../../forwarded/format.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { TlsVersion } from '../../catalogue/scenario.ts';
import type { ForwardedAddress, StartedForwardedApplication } from '../forwarded/forwarded-source.ts';
import type { AskedOfServer } from '../server/server-request.ts';
import type { StartedServer } from '../target.ts';
import type { TokenClaims } from './token-claims.ts';

/** A resource server under test, and the issuer of its tokens. Exactly one of `start` and `target`. */
export interface BoundTokensSource {
  /**
   * Starts it. Where it ends TLS itself, returns or promises what `start` of `describeServerUnderTest` does, with `format` what that of `describeForwardedUnderTest` does: a server, listening
   * or not, an application that has one, or `{ host, port, close }`.
   */
  readonly start?: ((context: BoundTokensContext) => StartedResourceServer | Promise<StartedResourceServer>) | undefined;
  /** One that runs already. */
  readonly target?: ObservedServer | Endpoint | ForwardedAddress | undefined;
  /** Issues an access token with these claims, as the authorization server does that the resource server trusts; what else it needs (`iss`, `aud`, `exp`) is added here. */
  readonly issueToken: (claims: TokenClaims) => string | Promise<string>;
  /** How the proxy in front of it names the client in a header; absent where the resource server ends TLS itself. */
  readonly format?: ForwardedFormat | undefined;
  /** Names of headers that the operator chose. */
  readonly names?: HeaderNames | undefined;
}

/** A resource server that was started: by TLS, or behind a proxy. */
export type StartedResourceServer = StartedServer | StartedForwardedApplication;

/** How the resource server is to be configured. */
export interface BoundTokensContext {
  /** Issues the clients' certificates. */
  readonly pki: Pki;
  /** What it presents, where it ends TLS itself. */
  readonly identity: Identity;
  /** PEM of the trust anchors whose clients it is to accept. */
  readonly trust: string;
}

/** How scenarios about bound tokens are run; checked. */
export interface BoundTokensSettings extends AskedOfServer {
  /** Issues the certificates of the clients, and of a server that is started. */
  readonly pki: Pki;
  readonly version: TlsVersion;
  /** Milliseconds for each attempt. */
  readonly timeout: number;
  /** Statuses by which the resource server refuses. */
  readonly refusals: readonly number[];
}
