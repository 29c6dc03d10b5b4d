import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { MtlsFixturesError } from '../errors/index.ts';
import { clientAddress } from './client-address.ts';
import { ConnectionObserver, type ObserverPolicy } from './connection-observer.ts';
import { Follower } from './follower.ts';
import { createHandshake, type Handshake } from './handshake.ts';
import { HandshakeLog } from './handshake-log.ts';
import { rememberHandshake } from './recent-handshakes.ts';
import type { VerifyContext } from './verify-context.ts';

/** Watches every connection of one TLS server: wraps its `connection` listener, records each handshake once, in the order of the verdicts. */
export class ServerObserver {
  readonly log: HandshakeLog;
  /** PEM of the anchors that a client of this server trusts by default. */
  anchors: string | undefined;
  /** DER of what every connection is shown, the leaf first; undefined where only the TLS engine knows. */
  presented: readonly Uint8Array[] | undefined;
  /** DER to put into the Certificate message in place of the server's own, the leaf first. */
  certificateMessage: readonly Uint8Array[] | undefined;
  /** How clients are verified; 'various' where that depends on the name they ask for, undefined where it is not known. */
  verifyContext: VerifyContext | 'various' | undefined;
  readonly #policy: ObserverPolicy;
  readonly #views: tls.Server;
  readonly #connections = new Map<Socket, ConnectionObserver>();
  readonly #followers = new Map<string, Follower>();

  constructor(
    server: tls.Server,
    { keep, ...policy }: Omit<ObserverPolicy, 'presented' | 'certificateMessage' | 'verifyContext'> & { readonly keep: number },
  ) {
    this.log = new HandshakeLog(keep);
    this.#policy = {
      ...policy,
      presented: () => this.presented,
      certificateMessage: () => this.certificateMessage,
      verifyContext: () => (this.verifyContext === 'various' ? undefined : this.verifyContext),
    };
    this.#views = viewsOf(server);
    const accept = tlsConnectionListener(server);
    server.removeListener('connection', accept);
    server.prependListener('connection', (raw: Socket) => {
      this.#observe(raw, accept);
    });
  }

  /** Raw sockets that are open now. */
  get open(): number {
    return this.#connections.size;
  }

  /** An in-process client announces itself, so that its own end becomes part of the record. */
  follow(client: Socket): Follower {
    const key = clientAddress(client.localAddress, client.localPort);
    const follower = new Follower({
      detach: () => this.#followers.delete(key),
      onClientCompleted: () => this.#connection(key)?.clientCompleted(),
    });
    this.#followers.set(key, follower);
    return follower;
  }

  /** Ends every connection; those whose handshake is under way are recorded as such. */
  endConnections(): void {
    for (const [raw, connection] of this.#connections) {
      connection.abandon();
      raw.destroy();
    }
  }

  #observe(raw: Socket, accept: ConnectionListener): void {
    const client = { localPort: raw.remotePort ?? 0, remotePort: raw.localPort ?? 0 };
    const connection: ConnectionObserver = new ConnectionObserver(raw, this.#policy, (seen) => {
      const report = { ...seen, ownAnchors: this.anchors };
      const follower = this.#followers.get(connection.remote);
      const record = (handshake: Handshake): void => {
        rememberHandshake(client, handshake);
        this.log.add(handshake);
      };
      if (follower) follower.serverReported({ report, record });
      else record(createHandshake({ server: report }));
    });
    this.#connections.set(raw, connection);
    raw.once('close', () => this.#connections.delete(raw));
    accept.call(viewFor(this.#views, connection), connection.tap);
  }

  #connection(remote: string): ConnectionObserver | undefined {
    for (const connection of this.#connections.values()) if (connection.remote === remote) return connection;
    return undefined;
  }
}

/** The observer behind an `ObservedServer`; internal to this folder. */
export function observerOf(server: object): ServerObserver | undefined {
  return observers.get(server);
}

/** Ties an observer to the object that users hold. */
export function registerObserver(owner: object, observer: ServerObserver): void {
  observers.set(owner, observer);
}

const observers = new WeakMap<object, ServerObserver>();

type ConnectionListener = (this: tls.Server, socket: ConnectionObserver['tap']) => void;

/** The listener by which Node starts TLS on a connection: its own name tells it from listeners of the user's. */
function tlsConnectionListener(server: tls.Server): ConnectionListener {
  const listeners = server.listeners('connection');
  const own = listeners.find(({ name }) => name === 'tlsConnectionListener') ?? listeners[0];
  if (!own) throw new MtlsFixturesError('NOT_A_TLS_SERVER', { value: 'a server without a connection listener' });
  return own as unknown as ConnectionListener; // Node's listener takes any Duplex (measured on Node 20 to 26)
}

/**
 * What the listener of a connection sees in place of the server: it inherits everything, but the events that Node emits on it pass that
 * connection's observer first. It also answers that somebody listens to `keylog`, which makes Node emit it, without a listener on the
 * user's server.
 */
function viewsOf(server: tls.Server): tls.Server {
  return Object.create(server, {
    emit: {
      value(this: object, event: string | symbol, ...args: unknown[]): boolean {
        for (const argument of args) restoreServer(argument, server);
        if (viewed.get(this)?.route(event, args) === false) return true;
        return server.emit(event as 'keylog', ...(args as [Buffer, tls.TLSSocket])); // handed on exactly as Node emitted it
      },
    },
    listenerCount: {
      value(event: string | symbol): number {
        return event === 'keylog' ? 1 : server.listenerCount(event);
      },
    },
  }) as tls.Server; // it has a server for its prototype
}

function viewFor(views: tls.Server, connection: ConnectionObserver): tls.Server {
  const view = Object.create(views) as tls.Server; // as above
  viewed.set(view, connection);
  return view;
}

const viewed = new WeakMap<object, ConnectionObserver>();

/** `tlsSocket.server` would be the view; users expect their server. */
function restoreServer(argument: unknown, server: tls.Server): void {
  if (typeof argument === 'object' && argument !== null && 'encrypted' in argument && 'server' in argument) argument.server = server;
}
