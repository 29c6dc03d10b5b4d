import type https from 'node:https';
import type { AddressInfo } from 'node:net';
import type tls from 'node:tls';
import { after } from '../../clock/real-clock.ts';
import { invalidOption, MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireIdentity, requireOptions } from '../../options/checks.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import { didYouMean } from '../../options/suggestion.ts';
import type { Identity } from '../../pki/identity.ts';
import { inspectedAs, makeComparable, original } from '../../pki/comparable.ts';
import { namedUrlHost, reachableAddress } from '../../net/addresses.ts';
import { nextHandshakeSchema, rotateHostSchema, rotateSchema } from './call-options.ts';
import type { Handshake } from '../verdict/handshake.ts';
import type { ServerObserver } from '../observe/server-observer.ts';
import type { ClientOptions, ObservedServer, RotateOptions } from './observed-server.ts';
import { Stapling } from './staple.ts';
import { anchorsPem } from './trust.ts';
import type { HostServer, ServedHost } from './host-server.ts';
import { chainOf, listsOf, ownAnchors, type RotatedCredentials, rotatedContext } from './rotated-context.ts';
import { watchContext } from '../observe/watched-context.ts';

/** What is known of a server when its observation begins. */
interface ObservedParts {
  readonly server: tls.Server;
  readonly observer: ServerObserver;
  readonly scheme: string;
  readonly identity: Identity | undefined;
  readonly context: tls.SecureContextOptions;
  /** PEM. */
  readonly trust: string | undefined;
  readonly hosts: readonly HostServer[];
}

/** Whether a value is an `ObservedServer` of this library. */
export function isObservedServer(value: unknown): value is ObservedServer {
  return value instanceof ObservedNodeServer;
}

/** The observer behind an `ObservedServer`; undefined for every other value. */
export function observerOf(value: unknown): ServerObserver | undefined {
  return value instanceof ObservedNodeServer ? ObservedNodeServer.observerOf(value) : undefined;
}

/** A Node server with the observer of its connections, and what it presents and verifies by as far as that is known. */
export class ObservedNodeServer implements ObservedServer {
  static {
    inspectedAs(
      ObservedNodeServer,
      (server) => `ObservedServer at ${original(server).#place() ?? 'no port'}, ${server.handshakes.length} handshake(s)`,
    );
  }

  readonly #server: tls.Server;
  readonly #observer: ServerObserver;
  readonly #scheme: string;
  readonly #stapling: Stapling;
  readonly #unwatch: () => void;
  #identity: Identity | undefined;
  #context: tls.SecureContextOptions;
  #trust: string | undefined;
  readonly #hosts: readonly HostServer[];
  #closing: Promise<void> | undefined;

  constructor({ server, observer, scheme, identity, context, trust, hosts }: ObservedParts) {
    this.#server = server;
    this.#observer = observer;
    this.#scheme = scheme;
    this.#stapling = new Stapling(server);
    this.#identity = identity;
    this.#context = context;
    this.#trust = trust;
    this.#hosts = hosts;
    observer.hosts = hosts;
    this.#unwatch = watchContext(server, {
      replaced: (replacement) => this.#onContextReplaced(replacement),
      added: () => observer.forgetPresented('various'),
    });
    makeComparable(this, {});
  }

  static observerOf(owner: ObservedNodeServer): ServerObserver {
    return original(owner).#observer;
  }

  get server(): tls.Server {
    return original(this).#server;
  }

  get url(): string {
    return `${original(this).#scheme}://${namedUrlHost(this.host)}:${this.port}`;
  }

  get host(): string {
    return reachableAddress(original(this).#address().address);
  }

  get port(): number {
    return original(this).#address().port;
  }

  get identity(): Identity | undefined {
    return original(this).#identity;
  }

  get trust(): string | undefined {
    return original(this).#trust;
  }

  get crl(): readonly string[] | undefined {
    return listsOf(original(this).#context);
  }

  get hosts(): Readonly<Record<string, ServedHost>> {
    return Object.fromEntries(original(this).#hosts.map((host) => [host.name, host]));
  }

  get handshakes(): readonly Handshake[] {
    return original(this).#observer.log.all;
  }

  async nextHandshake(options: { readonly timeout?: number | undefined } = {}): Promise<Handshake> {
    requireOptionsOf(nextHandshakeSchema, options);
    const { timeout = 5000 } = options;
    const it = original(this);
    const { log } = it.#observer;
    const ready = log.takeReady();
    if (ready) return ready;
    it.#requireListening();
    const onClose = (): void => log.end(closed);
    it.#server.once('close', onClose);
    try {
      return await log.next(timeout, it.#place() ?? textOf(it.#server.address()));
    } finally {
      it.#server.off('close', onClose);
    }
  }

  clientOptions(identity?: Identity): ClientOptions {
    if (identity !== undefined) requireIdentity('identity', identity);
    const anchors = identity && identity.anchors !== '' ? identity.anchors : this.#observer.credentials.anchors;
    return {
      host: this.host,
      port: this.port,
      servername: 'localhost',
      ca: anchorsPem(anchors ?? '', () => 'a client of this server'),
      ...(identity && { key: identity.keyPem, cert: identity.chainPem }),
    };
  }

  rotate(options: RotateOptions): void {
    this.#requireListening();
    requireOptionsOf(rotateSchema, options);
    const { identity, trust, crl, staple, hosts } = options;
    const rotations = this.#rotationsOf(hosts);
    const isOfOthers = staple !== undefined || hosts !== undefined;
    if (!isOfOthers || [identity, trust, crl].some((given) => given !== undefined)) this.#replaceContext(options);
    for (const { host, credentials } of rotations) host.rotate(credentials);
    if (staple !== undefined) this.#stapling.answerWith(staple);
  }

  #rotationsOf(hosts: RotateOptions['hosts'] = {}): { readonly host: HostServer; readonly credentials: RotatedCredentials }[] {
    requireOptions('hosts', hosts);
    return Object.entries(hosts).map(([name, credentials]) => {
      requireOptionsOf(rotateHostSchema, credentials);
      const known = this.#hosts.map((host) => host.name);
      const host = this.#hosts.find((each) => each.name === name.toLowerCase());
      if (host) return { host, credentials };
      const expected =
        known.length === 0 ? 'none: the server was started without hosts' : `one of ${known.join(', ')}${didYouMean(name, known)}`;
      throw invalidOption('hosts', name, expected);
    });
  }

  #replaceContext({ identity, trust, crl, ...others }: RotateOptions): void {
    const { context, trust: ca } = rotatedContext(this.#context, { identity, trust, crl }, 'the server');
    if (context.key === undefined && context.pfx === undefined)
      throw invalidOption(
        'rotate',
        Object.keys({ ...(trust !== undefined && { trust }), ...(crl !== undefined && { crl }), ...others }).join(', '),
        'an identity as well: the observed server did not say what it presents',
      );
    const { credentials } = this.#observer;
    const before = { identity: this.#identity, trust: this.#trust, ...credentials };
    this.#server.setSecureContext(context); // forgets what is known, as for any other replacement
    this.#context = context;
    this.#trust = ca ?? before.trust;
    this.#identity = identity ?? before.identity;
    credentials.verifyContext = before.verifyContext === 'various' ? 'various' : context;
    credentials.anchors = ownAnchors(identity) ?? before.anchors;
    credentials.presented = identity && before.presented ? chainOf(identity) : before.presented;
  }

  /** Other credentials for every connection to come: the user's own, of which only what Node was given is known. */
  #onContextReplaced(context: tls.SecureContextOptions): void {
    this.#context = context;
    this.#identity = undefined;
    this.#trust = textOfAnchors(context.ca);
    this.#observer.forgetPresented(context);
    const { credentials } = this.#observer;
    credentials.anchors = this.#trust ?? credentials.anchors;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#closeServer();
    } finally {
      this.#unwatch();
      this.#observer.release();
      this.#observer.log.end(closed);
    }
  }

  #closeServer(): Promise<void> {
    const server = this.#server;
    const observer = this.#observer;
    return new Promise<void>((resolve, reject) => {
      const cancel = after(closeBoundMs, () => {
        // Those from before the server was observed are known by their number alone.
        server.getConnections((_error, open: number | undefined) => {
          reject(new MtlsFixturesError('SERVER_CLOSE_TIMEOUT', { milliseconds: closeBoundMs, open: Math.max(open ?? 0, observer.open) }));
        });
      });
      server.close(() => {
        cancel();
        resolve(); // an error says that it was not listening, which is what was asked for
      });
      observer.endConnections();
      if ('closeAllConnections' in server) (server as https.Server).closeAllConnections(); // an HTTPS server knows also those from before it was observed
    });
  }

  /** Never the Node server, which holds the key: what JSON.stringify and snapshots show. */
  toJSON(): object {
    return { url: original(this).#place(), handshakes: this.handshakes };
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

function textOfAnchors(ca: tls.SecureContextOptions['ca']): string | undefined {
  const texts = [ca ?? []].flat().map(String);
  return texts.length === 0 ? undefined : texts.join('\n');
}

const closeBoundMs = 5000;
