import type tls from 'node:tls';
import type { Identity } from '../../pki/identity.ts';
import type { Handshake } from '../verdict/handshake.ts';
import type { Staple } from './staple.ts';
import type { ServedHost } from './host-server.ts';
import type { RotatedCredentials } from './rotated-context.ts';

/** A TLS server, ours or the user's own, whose every handshake is recorded. Close it, or hold it with `await using`. */
export interface ObservedServer {
  /** The Node server underneath: `tls.Server`, `https.Server` or `http2.Http2SecureServer`. */
  readonly server: tls.Server;
  /** `https://localhost:<port>` for HTTP servers, `tls://localhost:<port>` for others; the bound address in place of localhost where that is not a loopback address. */
  readonly url: string;
  /** The address to connect to. A server bound to every address is reached by loopback. */
  readonly host: string;
  readonly port: number;
  /** What the server presents; absent for a server of the user's that was observed without saying so. */
  readonly identity: Identity | undefined;
  /** PEM of the anchors whose clients it accepts; absent where they are not known: a server of the user's, observed without `context`. */
  readonly trust: string | undefined;
  /** PEM of the CRLs it checks, where they are known. */
  readonly crl: readonly string[] | undefined;
  /** What is served under the names of the option `hosts`, by name in lower case; empty without the option. */
  readonly hosts: Readonly<Record<string, ServedHost>>;
  /** Every handshake that has been judged, in the order of the verdicts; with the option `maxHandshakes` the last of them. A handshake appears when both ends' acceptance has shown. */
  readonly handshakes: readonly Handshake[];
  /**
   * Hands out each handshake once, in order: at once if one is there that was not handed out yet, otherwise the next to come.
   * Throws `NO_HANDSHAKE` after `timeout` milliseconds (default 5,000), and `SERVER_NOT_LISTENING` as soon as the server is closed.
   */
  nextHandshake(options?: { readonly timeout?: number | undefined }): Promise<Handshake>;
  /**
   * How to reach it, for `tls.connect`, `https.request` and the `connect` of an undici `Agent`; with the key and certificate of an identity, where one is given. Throws
   * `TRUST_MISSING` where neither the identity nor the server says which anchors vouch for the server.
   */
  clientOptions(identity?: Identity): ClientOptions;
  /**
   * Replaces identity, trust anchors, CRLs or staple for the connections to come, without a restart. Open connections keep what they had;
   * session tickets issued before are not accepted any more, unless the server was given ticket keys of its own or only the staple is replaced.
   */
  rotate(options: RotateOptions): void;
  /** Ends every open connection and releases the port. Throws `SERVER_CLOSE_TIMEOUT` when it does not come to an end within five seconds. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What `rotate` replaces; what is left out stays as it is. */
export interface RotateOptions extends RotatedCredentials {
  /** The OCSP response to staple from now on, as in `ServerOptions`: a new identity needs a new one. */
  readonly staple?: Staple | undefined;
  /** The same for names of the option `hosts`. */
  readonly hosts?: Readonly<Record<string, RotatedCredentials>> | undefined;
}

/** Options of `tls.connect` and `https.request` with which a client reaches a server. */
export interface ClientOptions {
  readonly host: string;
  readonly port: number;
  /** The name to verify: `localhost`. */
  readonly servername: string;
  /** PEM of the anchors that vouch for the server: the identity's, else those of the server's own identity. */
  readonly ca: string;
  /** PEM of the identity's key. */
  readonly key?: string;
  /** PEM of the identity's certificate and its intermediates. */
  readonly cert?: string;
}
