import type { AddressInfo } from 'node:net';
import type tls from 'node:tls';
import { decodePem } from '../asn1/pem.ts';
import { after } from '../clock/real-clock.ts';
import { MtlsFixturesError } from '../errors/index.ts';
import { requireOptionsOf } from '../options/schema.ts';
import type { Identity } from '../pki/identity.ts';
import { makeComparable, original } from '../pki/comparable.ts';
import { inspectSymbol } from '../pki/inspect-symbol.ts';
import { nextHandshakeSchema, rotateSchema } from './call-options.ts';
import type { Handshake } from './handshake.ts';
import { observerOf } from './server-observer.ts';
import { answerStatusRequests, type Staple } from './staple.ts';
import { anchorsPem, crlList, type Trust } from './trust.ts';

/** What `rotate` replaces; what is left out stays as it is. */
export interface RotateOptions {
  readonly identity?: Identity;
  readonly trust?: Trust;
  /** An empty list checks none any more. */
  readonly crl?: string | readonly string[];
  /** The OCSP response to staple from now on, as in `ServerOptions`: a new identity wants a new one. */
  readonly staple?: Staple;
}

/** A TLS server, ours or the user's own, whose every handshake is recorded. Close it, or hold it with `await using`. */
export class ObservedServer {
  readonly #server: tls.Server;
  readonly #scheme: string;
  #identity: Identity | undefined;
  #context: tls.SecureContextOptions;
  #trust: string | undefined;
  #closing: Promise<void> | undefined;

  /** Use `startTlsServer`, `startHttpsServer`, `startHttp2Server` or `observe`. */
  constructor(
    server: tls.Server,
    parts: {
      readonly scheme: string;
      readonly identity?: Identity | undefined;
      readonly context: tls.SecureContextOptions;
      readonly trust?: string | undefined;
    },
  ) {
    this.#server = server;
    this.#scheme = parts.scheme;
    this.#identity = parts.identity;
    this.#context = parts.context;
    this.#trust = parts.trust;
    makeComparable(this, {});
  }

  /** The Node server underneath: `tls.Server`, `https.Server` or `http2.Http2SecureServer`. */
  get server(): tls.Server {
    return original(this).#server;
  }

  /** `https://localhost:<port>` for HTTP servers, `tls://localhost:<port>` for others; the bound address in place of localhost where that is no loopback. */
  get url(): string {
    const { host } = this;
    const loopback = host === '127.0.0.1' || host === '::1';
    const name = loopback ? 'localhost' : host.includes(':') ? `[${host}]` : host;
    return `${original(this).#scheme}://${name}:${this.port}`;
  }

  /** The address to connect to. A server bound to every address is reached by loopback. */
  get host(): string {
    const { address } = original(this).#address();
    if (address === '0.0.0.0') return '127.0.0.1';
    return address === '::' ? '::1' : address;
  }

  get port(): number {
    return original(this).#address().port;
  }

  /** What the server presents; absent for a server of the user's that was observed without saying so. */
  get identity(): Identity | undefined {
    return original(this).#identity;
  }

  /** PEM of the anchors whose clients it lets in; absent where they are not known: a server of the user's, observed without `context`. */
  get trust(): string | undefined {
    return original(this).#trust;
  }

  /** PEM of the CRLs it checks, where they are known. */
  get crl(): readonly string[] | undefined {
    const { crl } = original(this).#context;
    return Array.isArray(crl) && crl.every((list) => typeof list === 'string') ? crl : undefined;
  }

  /** Every handshake that has been judged, in the order of the verdicts; with the option `keep` the last of them. A handshake appears when both ends' acceptance has shown. */
  get handshakes(): readonly Handshake[] {
    return observerOf(original(this))?.log.all ?? [];
  }

  /**
   * Hands out each handshake once, in order: at once if one is there that was not handed out yet, otherwise the next to come.
   * Throws `NO_HANDSHAKE` after `timeout` milliseconds (default 5,000).
   */
  async nextHandshake(options: { readonly timeout?: number } = {}): Promise<Handshake> {
    requireOptionsOf(nextHandshakeSchema, options);
    const { timeout = 5000 } = options;
    const observer = observerOf(this);
    if (!observer) throw new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'not observed' });
    return observer.log.next(timeout, this.url);
  }

  /**
   * Replaces identity, trust anchors, CRLs or staple for the connections to come, without a restart. Open connections keep what they had;
   * session tickets issued before are no longer taken, unless the server was given ticket keys of its own or only the staple is replaced.
   */
  rotate(options: RotateOptions): void {
    this.#address();
    requireOptionsOf(rotateSchema, options);
    const { identity, trust, crl, staple } = options;
    if (staple !== undefined && Object.keys(options).length === 1) {
      answerStatusRequests(this.server, staple);
      return;
    }
    const ca = trust !== undefined || identity ? anchorsPem(trust ?? identity?.anchors ?? '', 'the server') : undefined;
    const context: tls.SecureContextOptions = {
      ...this.#context,
      ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
      ...(ca !== undefined && { ca }),
      ...(crl !== undefined && { crl: crlList(crl) }),
    };
    if (context.key === undefined && context.pfx === undefined)
      throw new MtlsFixturesError('OPTION_INVALID', {
        option: 'rotate',
        value: Object.keys(options).join(', '),
        expected: 'an identity as well: the observed server did not say what it presents',
      });
    this.server.setSecureContext(context);
    if (staple !== undefined) answerStatusRequests(this.server, staple);
    this.#context = context;
    this.#trust = ca ?? this.#trust;
    const observer = observerOf(this);
    if (observer && observer.verifyContext !== 'various') observer.verifyContext = context;
    if (identity) this.#identity = identity;
    if (!identity || !observer) return;
    if (identity.anchors !== '') observer.anchors = identity.anchors;
    observer.presented &&= decodePem(identity.chainPem).map(({ der }) => der);
  }

  /** Ends every open connection and releases the port. Throws `SERVER_CLOSE_TIMEOUT` when it does not come to an end within five seconds. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const observer = observerOf(this);
    await new Promise<void>((resolve, reject) => {
      const cancel = after(closeBoundMs, () => {
        reject(new MtlsFixturesError('SERVER_CLOSE_TIMEOUT', { milliseconds: closeBoundMs, open: observer?.open ?? 0 }));
      });
      this.server.close(() => {
        cancel();
        resolve(); // an error says that it was not listening, which is what was asked for
      });
      observer?.endConnections();
    });
  }

  /** Never the Node server, which holds the key: what JSON.stringify and snapshots show. */
  toJSON(): object {
    return { url: original(this).#place(), handshakes: this.handshakes };
  }

  [inspectSymbol](): string {
    return `ObservedServer at ${original(this).#place() ?? 'no port'}, ${this.handshakes.length} handshake(s)`;
  }

  #place(): string | undefined {
    return this.#closing || typeof (this.server.address() ?? '') === 'string' ? undefined : this.url;
  }

  #address(): AddressInfo {
    const address = this.server.address();
    if (this.#closing) throw new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'closed' });
    if (address === null || typeof address === 'string')
      throw new MtlsFixturesError('SERVER_NOT_LISTENING', {
        state: address === null ? 'not listening' : `listening on a pipe, ${address}`,
      });
    return address;
  }
}

const closeBoundMs = 5000;
