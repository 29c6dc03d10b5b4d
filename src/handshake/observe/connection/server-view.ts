import type tls from 'node:tls';
import type { ConnectionObserver } from './connection-observer.ts';

/**
 * What the listener of a connection sees in place of the server: it inherits everything, but the events that Node emits on it pass that
 * connection's observer first. It also answers that somebody listens to `keylog`, which makes Node emit it, without a listener on the
 * user's server. Callbacks that are given the TLS socket before there is any event (`SNICallback`, `ALPNCallback`, `pskCallback`) pass the observer as well.
 */
export function viewsOf(server: tls.Server): tls.Server {
  return Object.create(server, {
    ...Object.fromEntries(callbackNames(server).map((name) => [name, callbackDescriptor(server, name)])),
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
        return event === 'keylog' ? 1 : server.listenerCount(event, ...args);
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
