import { once } from 'node:events';
import type tls from 'node:tls';
import { observe, type ObservedServer, type ServerOptions } from '../../src/index.ts';

/** What the servers of the suites are started with. */
export type SuiteServerOptions = Pick<ServerOptions, 'identity' | 'trust' | 'minVersion' | 'maxVersion'>;

/** The same as the options that a server of the user's own takes. */
export function userOptions({ identity, trust, ...versions }: SuiteServerOptions): tls.TlsOptions & { readonly ca: string } {
  return { ...identity.serverTls, ca: [trust ?? identity.anchors].flat().join(''), ...versions };
}

/** Observes a server of the user's own, and lets it listen on loopback. */
export async function listenObserved(server: tls.Server): Promise<ObservedServer> {
  const observed = observe(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return observed;
}
