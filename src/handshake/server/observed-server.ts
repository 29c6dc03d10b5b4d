import type https from 'node:https';
import type { AddressInfo } from 'node:net';
import type tls from 'node:tls';
import { decodePem } from '../../asn1/pem.ts';
import { after } from '../../clock/real-clock.ts';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import { makeComparable, original } from '../../pki/comparable.ts';
import { inspectSymbol } from '../../pki/inspect-symbol.ts';
import { nextHandshakeSchema, rotateSchema } from './call-options.ts';
import type { Handshake } from '../verdict/handshake.ts';
import { observerOf, type ServerObserver } from '../observe/server-observer.ts';
import { answerStatusRequests, type Staple } from './staple.ts';
import { anchorsPem, crlList, type RevocationLists, type Trust } from './trust.ts';
import { watchContext } from '../observe/watched-context.ts';

/** What `rotate` replaces; what is left out stays as it is. */
export interface RotateOptions {
  readonly identity?: Identity;
  readonly trust?: Trust;
  /** An empty list checks none any more. */
  readonly crl?: RevocationLists;
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
  readonly #release: () => void;

  /** Use `startTlsServer`, `startHttpsServer`, `startHttp2Server` or `observe`. */
  constructor(
    server: tls.Server,
    parts: {
      readonly scheme: string;
      readonly identity?: Identity | undefined;
      readonly context: tls.SecureContextOptions;
      readonly trust?: string | undefined;
      /** Leaves the server as it was before it was observed. */
      release(): void;
    },
  ) {
    this.#server = server;
    this.#scheme = parts.scheme;
    this.#identity = parts.identity;
    this.#context = parts.context;
    this.#trust = parts.trust;
    const unwatch = watchContext(server, {
      replaced: (context) => {
        this.#onContextReplaced(context);
      },
      added: () => {
        forgetPresented(observerOf(this), 'various');
      },
    });
    this.#release = () => {
      unwatch();
      parts.release();
    };
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

  /** Every handshake that has been judged, in the order of the verdicts; with the option `maxHandshakes` the last of them. A handshake appears when both ends' acceptance has shown. */
  get handshakes(): readonly Handshake[] {
    return observerOf(original(this))?.log.all ?? [];
  }

  /**
   * Hands out each handshake once, in order: at once if one is there that was not handed out yet, otherwise the next to come.
   * Throws `NO_HANDSHAKE` after `timeout` milliseconds (default 5,000), and `SERVER_NOT_LISTENING` as soon as the server is closed.
   */
  async nextHandshake(options: { readonly timeout?: number } = {}): Promise<Handshake> {
    requireOptionsOf(nextHandshakeSchema, options);
    const { timeout = 5000 } = options;
    const it = original(this);
    const observer = observerOf(it);
    if (!observer) throw new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'not observed' });
    const ready = observer.log.takeReady();
    if (ready) return ready;
    it.#requireListening();
    const onClose = (): void => {
      observer.log.end(closed);
    };
    it.#server.once('close', onClose);
    try {
      return await observer.log.next(timeout, it.#place() ?? textOf(it.#server.address()));
    } finally {
      it.#server.off('close', onClose);
    }
  }

  /**
   * Replaces identity, trust anchors, CRLs or staple for the connections to come, without a restart. Open connections keep what they had;
   * session tickets issued before are no longer taken, unless the server was given ticket keys of its own or only the staple is replaced.
   */
  rotate(options: RotateOptions): void {
    this.#requireListening();
    requireOptionsOf(rotateSchema, options);
    const { identity, trust, crl, staple } = options;
    if (staple !== undefined && Object.keys(options).length === 1) {
      answerStatusRequests(this.server, staple);
      return;
    }
    const ca = trust !== undefined || identity ? anchorsPem(trust ?? identity?.anchors ?? '', () => 'the server') : undefined;
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
    const { identity: previousIdentity } = this;
    const previous = { identity: previousIdentity, trust: this.#trust, ...beforeRotation(observerOf(this)) };
    this.server.setSecureContext(context);
    if (staple !== undefined) answerStatusRequests(this.server, staple);
    this.#context = context;
    this.#trust = ca ?? previous.trust;
    const observer = observerOf(this);
    this.#identity = identity ?? previous.identity;
    if (!observer) return;
    observer.verifyContext = previous.verifyContext === 'various' ? 'various' : context;
    observer.anchors = identity && identity.anchors !== '' ? identity.anchors : previous.anchors;
    observer.presented = identity && previous.presented ? decodePem(identity.chainPem).map(({ der }) => der) : previous.presented;
  }

  /** Other credentials for every connection to come: the user's own, of which only what Node was given is known. */
  #onContextReplaced(context: tls.SecureContextOptions): void {
    const observer = observerOf(this);
    this.#context = context;
    this.#identity = undefined;
    this.#trust = textOfAnchors(context.ca);
    forgetPresented(observer, context);
    if (observer) observer.anchors = this.#trust ?? observer.anchors;
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
    try {
      await this.#closeServer(observer);
    } finally {
      this.#release();
      observer?.log.end(closed);
    }
  }

  #closeServer(observer: ServerObserver | undefined): Promise<void> {
    const { server } = this;
    return new Promise<void>((resolve, reject) => {
      const cancel = after(closeBoundMs, () => {
        // Those from before the server was observed are known by their number alone.
        server.getConnections((_error, open: number | undefined) => {
          reject(
            new MtlsFixturesError('SERVER_CLOSE_TIMEOUT', { milliseconds: closeBoundMs, open: Math.max(open ?? 0, observer?.open ?? 0) }),
          );
        });
      });
      server.close(() => {
        cancel();
        resolve(); // an error says that it was not listening, which is what was asked for
      });
      observer?.endConnections();
      if ('closeAllConnections' in server) (server as https.Server).closeAllConnections(); // an HTTPS server knows also those from before it was observed
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
    const address = this.#requireListening();
    if (typeof address === 'string') throw new MtlsFixturesError('SERVER_NOT_LISTENING', { state: `listening on a pipe, ${address}` });
    return address;
  }

  #requireListening(): AddressInfo | string {
    const address = this.server.address();
    if (this.#closing) throw closed();
    if (address === null) throw new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'not listening' });
    return address;
  }
}

function closed(): MtlsFixturesError {
  return new MtlsFixturesError('SERVER_NOT_LISTENING', { state: 'closed' });
}

/** What is presented, and how clients are verified, is known no more by what the server was started with. */
function forgetPresented(observer: ServerObserver | undefined, verifyContext: ServerObserver['verifyContext']): void {
  if (!observer) return;
  observer.verifyContext = observer.verifyContext === 'various' ? 'various' : verifyContext;
  observer.presented = observer.certificateMessage;
}

function beforeRotation(observer: ServerObserver | undefined): Partial<Pick<ServerObserver, 'anchors' | 'presented' | 'verifyContext'>> {
  return observer ? { anchors: observer.anchors, presented: observer.presented, verifyContext: observer.verifyContext } : {};
}

function textOfAnchors(ca: tls.SecureContextOptions['ca']): string | undefined {
  const texts = [ca ?? []].flat().map(String);
  return texts.length === 0 ? undefined : texts.join('\n');
}

const closeBoundMs = 5000;
