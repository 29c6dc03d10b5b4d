import type tls from 'node:tls';
import type { ConnectionObserver } from './connection-observer.ts';

/**
 * What the listener of a connection sees in place of the server: it inherits everything, but the events that Node emits on it pass that
 * connection's observer first. It also answers that there is a listener of `keylog`, which makes Node emit it, without a listener on the
 * user's server. Callbacks that are given the TLS socket before there is any event (`SNICallback`, `ALPNCallback`, `pskCallback`) pass the observer as well.
 *
 * `settings` is another server that never listens, whose TLS settings count in place of the server's own. It staples nothing: what the server staples is about the
 * server's own certificate.
 */
export function viewsOf(server: tls.Server, settings: tls.Server = server): tls.Server {
  return Object.create(settings, {
    ...Object.fromEntries(callbackNames(settings).map((name) => [name, callbackDescriptor(settings, name)])),
    emit: {
      value(this: View, event: string | symbol, ...args: unknown[]): boolean {
        const observer = this[observing];
        if (observer) meetAll(observer, args);
        if (observer?.route(event, args) === false) return true;
        return server.emit(event as 'keylog', ...(args as [Buffer, tls.TLSSocket])); // handed on exactly as Node emitted it
      },
    },
    listenerCount: {
      value(event: string | symbol, ...args: [listener?: () => void]): number {
        if (event === 'keylog') return 1;
        return event === 'OCSPRequest' && settings !== server ? 0 : server.listenerCount(event, ...args);
      },
    },
  }) as tls.Server; // it has a server for its prototype
}

/** The view of one connection. */
export function viewFor(views: tls.Server, observer: ConnectionObserver): tls.Server {
  const view = Object.create(views) as tls.Server & View; // as above
  view[observing] = observer;
  return view;
}

const observing: unique symbol = Symbol('the observer of the connection');

interface View {
  [observing]?: ConnectionObserver;
}

/** Node keeps the callbacks among its options under symbols, except for ALPN's. */
function callbackNames(server: tls.Server): (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(server).filter(({ description }) => /callback/iu.test(description ?? ''));
  return ['ALPNCallback', ...symbols];
}

function callbackDescriptor(server: tls.Server, name: string | symbol): PropertyDescriptor {
  return {
    get(this: View): unknown {
      const callback: unknown = Reflect.get(server, name);
      const observer = this[observing];
      if (typeof callback !== 'function' || !observer) return callback;
      return function (this: unknown, ...args: unknown[]): unknown {
        meetAll(observer, [this, ...args]);
        return Reflect.apply(callback, this, args);
      };
    },
  };
}

/** The TLS sockets among what is handed on. */
function meetAll(observer: ConnectionObserver, candidates: readonly unknown[]): void {
  if (observer.hasMet) return;
  for (const candidate of candidates)
    if (typeof candidate === 'object' && candidate !== null && 'encrypted' in candidate && 'authorizationError' in candidate)
      observer.meet(candidate as tls.TLSSocket); // no other object of Node's has both
}
