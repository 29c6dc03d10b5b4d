import type tls from 'node:tls';
import { callBase, DerivedPrototypes } from '../../wire/tap/derived-prototype.ts';

/** What is called when a server is given other credentials. */
interface ContextWatch {
  /** `setSecureContext`: for every connection to come. */
  replaced(context: tls.SecureContextOptions): void;
  /** `addContext`: for those that ask for a name. */
  added(): void;
}

/** Reports calls of the server's own `setSecureContext` and `addContext`, by any caller, without a member of its own on the server. Returns how to stop. */
export function watchContext(server: tls.Server, watch: ContextWatch): () => void {
  watches.set(server, watch);
  const restore = prototypes.apply(server);
  return () => {
    watches.delete(server);
    restore();
  };
}

/** Whether a server is observed. */
export function isWatched(server: tls.Server): boolean {
  return watches.has(server);
}

/** The servers that are observed, most of them the user's own: nothing may show on them. */
const watches = new WeakMap<object, ContextWatch>();

const prototypes = new DerivedPrototypes((base) => ({
  setSecureContext: {
    value(this: object, context: tls.SecureContextOptions): void {
      callBase(base, 'setSecureContext', this, [context]);
      watches.get(this)?.replaced(context);
    },
  },
  addContext: {
    value(this: object, ...args: unknown[]): void {
      callBase(base, 'addContext', this, args);
      watches.get(this)?.added();
    },
  },
}));
