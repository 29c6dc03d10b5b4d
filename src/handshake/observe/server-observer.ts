import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { MtlsFixturesError } from '../../errors/index.ts';
import { AcceptedIdentities } from './accepted-identities.ts';
import { ConnectionObserver } from './connection/connection-observer.ts';
import type { EndReport } from '../verdict/end-report.ts';
import { type Attempt, attemptAt } from './attempt.ts';
import { HandshakeLog } from './handshake-log.ts';
import { LazyHandshake, type Recorded } from '../verdict/lazy-handshake.ts';
import { type Credentials, type Decisions, policyWith } from './credentials.ts';
import type { Pki } from '../../pki/pki.ts';
import type { ObserverPolicy } from './observer-policy.ts';
import { hostNamed, onServerName, type VirtualHost } from './virtual-hosts.ts';
import { rememberHandshake } from '../verdict/client-errors/recent-handshakes.ts';
import { viewFor, viewsOf } from './connection/server-view.ts';

/** Watches every connection of one TLS server: wraps its `connection` listener, records each handshake once, in the order of the verdicts. */
export class ServerObserver {
  readonly log: HandshakeLog;
  readonly credentials: Credentials = { anchors: undefined, presented: undefined, certificateMessage: undefined, verifyContext: undefined };
  readonly accepted = new AcceptedIdentities();
  /** Issues clients that the server accepts, as its user says. */
  pki: Pki | undefined;
  /** The names with credentials of their own. */
  hosts: readonly VirtualHost[] = [];
  readonly #decisions: Decisions;
  readonly #policy: ObserverPolicy;
  readonly #server: tls.Server;
  readonly #views: tls.Server;
  readonly #hostViews = new Map<VirtualHost, tls.Server>();
  readonly #connections = new Map<Socket, ObservedConnection>();
  readonly #release: () => void;

  constructor(server: tls.Server, { maxHandshakes, ...decisions }: Decisions & { readonly maxHandshakes: number }) {
    this.log = new HandshakeLog(maxHandshakes);
    this.#decisions = decisions;
    this.#policy = policyWith(decisions, this.credentials);
    this.#server = server;
    this.#views = viewsOf(server);
    const accept = tlsConnectionListener(server);
    const observe = (raw: Socket): void => {
      this.#observe(raw, accept);
    };
    replaceListener(server, accept, observe);
    this.#release = () => {
      replaceListener(server, observe, accept);
    };
  }

  /** Raw sockets that are open now. */
  get open(): number {
    return this.#connections.size;
  }

  /** PEM of the anchors that a client trusts by default that asks for this name. */
  anchorsFor(servername: unknown): string | undefined {
    return (this.hostFor(servername) ?? this.credentials).anchors;
  }

  /** The host of this name, where it is one of those with credentials of their own. */
  hostFor(servername: unknown): VirtualHost | undefined {
    return typeof servername === 'string' && this.hosts.length > 0 ? hostNamed(this.hosts, servername) : undefined;
  }

  /** The server was given other credentials: what it presents is not known any more, and how it verifies its clients only as far as is said here. */
  forgetPresented(verifyContext: Credentials['verifyContext']): void {
    const { credentials } = this;
    credentials.verifyContext = credentials.verifyContext === 'various' ? 'various' : verifyContext;
    credentials.presented = credentials.certificateMessage;
  }

  /** Whether a connection of this attempt's is open, so that a report of it will come. */
  has(attempt: Attempt): boolean {
    return [...this.#connections.values()].some(({ ends, observer }) => attempt.isAt(ends, observer.tap.capture));
  }

  /** Ends every connection; those whose handshake is under way are recorded as such. */
  endConnections(): void {
    for (const [raw, { observer }] of this.#connections) {
      observer.abandon();
      raw.destroy();
    }
  }

  /** Leaves the server as it was before: connections to come are not observed. */
  release(): void {
    this.#release();
  }

  #observe(raw: Socket, accept: ConnectionListener): void {
    const { remoteAddress, remotePort, localAddress, localPort } = raw;
    const ends = { remoteAddress, remotePort, localAddress, localPort };
    const attempt = (): Attempt | undefined => attemptAt(ends, observer.tap.capture);
    let isFirst = true;
    const observer: ConnectionObserver = new ConnectionObserver(raw, this.#policy, {
      server: this.#server,
      attempt,
      report: (report) => {
        this.#record(report, ends, isFirst ? attempt() : undefined);
        isFirst = false;
      },
    });
    this.#connections.set(raw, { ends, observer });
    raw.once('close', () => this.#connections.delete(raw));
    const begin = (host?: VirtualHost): void => {
      if (host) observer.decideBy(policyWith(this.#decisions, host));
      const views = host ? this.#viewsAt(host) : this.#views;
      observer.tap.allowHalfOpen = raw.allowHalfOpen; // the TLS socket takes it over from what it is made of
      accept.call(viewFor(views, observer), observer.tap);
      observer.tap.allowHalfOpen = true;
    };
    if (this.hosts.length === 0) begin();
    else onServerName(observer.tap, helloTimeoutMs, (servername) => begin(hostNamed(this.hosts, servername)));
  }

  /** As for the server itself, made once. */
  #viewsAt(host: VirtualHost): tls.Server {
    const views = this.#hostViews.get(host) ?? viewsOf(this.#server, host.server);
    this.#hostViews.set(host, views);
    return views;
  }

  #record(report: EndReport, { remotePort = 0, localPort = 0 }: ConnectionEnds, attempt: Attempt | undefined): void {
    const remember = (recorded: Recorded): void => {
      rememberHandshake({ localPort: remotePort, remotePort: localPort }, recorded);
      this.log.add(recorded);
    };
    if (!attempt) {
      remember(new LazyHandshake({ server: report }));
      return;
    }
    void attempt.record.then((handshake) => remember({ handshake }));
    attempt.serverReported(report);
  }
}

/** Until a client has said which name it asks for, in milliseconds: then the TLS engine waits for it as it does without hosts. */
const helloTimeoutMs = 10_000;

interface ObservedConnection {
  readonly ends: ConnectionEnds;
  readonly observer: ConnectionObserver;
}

interface ConnectionEnds {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
}

type ConnectionListener = (this: tls.Server, socket: ConnectionObserver['tap']) => void;

/** The listener by which Node starts TLS on a connection: its name distinguishes it from listeners of the user's. */
function tlsConnectionListener(server: tls.Server): ConnectionListener {
  const listeners = server.listeners('connection');
  const own = listeners.find(({ name }) => name === 'tlsConnectionListener') ?? listeners[0];
  if (!own) throw new MtlsFixturesError('NOT_A_TLS_SERVER', { value: 'a server without a connection listener' });
  return own as unknown as ConnectionListener; // Node's listener takes any Duplex (measured on Node 20 to 26)
}

/** Puts a listener in the place of another: those before it stay before it, those after it are taken off and put back. */
function replaceListener(server: tls.Server, old: object, replacement: object): void {
  const all = server.rawListeners('connection');
  const at = all.findIndex((listener) => listener === old);
  if (at < 0) return;
  const listeners = all as ((...args: unknown[]) => void)[]; // what an emitter takes and gives
  for (const listener of listeners.slice(at)) server.removeListener('connection', listener);
  server.on('connection', replacement as (raw: Socket) => void); // one of the two above
  for (const listener of listeners.slice(at + 1)) server.on('connection', listener);
}
