import { test as base, type TestAPI } from 'vitest';
import type { Gateway } from '../forwarded/gateway/gateway.ts';
import type { GatewayOptions } from '../forwarded/gateway/gateway-options.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import { startTlsServer, type TlsServerOptions } from '../handshake/server/start-server.ts';
import type { Identity } from '../pki/identity.ts';
import type { Pki } from '../pki/pki.ts';
import { isProvided, runPki } from './run-pki.ts';

/** What `test` hands to a test. */
export interface MtlsFixtures {
  /** The run's PKI where global-setup provides one, in the scope `worker`; otherwise one of this file's own, in the scope `file`. */
  readonly pki: Pki;
  /** Options of `server`; override them in a `describe` block with `test.override('serverOptions', () => ({ ... }))`. */
  readonly serverOptions: Partial<TlsServerOptions>;
  /** An observed echo server that requires client certificates of `pki`; closed after the test. */
  readonly server: ObservedServer;
  /** A client identity of `pki`. */
  readonly client: Identity;
  /** Options of `gateway`; override them with `test.override('gatewayOptions', () => ({ upstream, format: 'envoy' }))`. */
  readonly gatewayOptions: Partial<GatewayOptions>;
  /**
   * A mutual-TLS gateway of `pki` that names clients by the headers of RFC 9440; closed after the test. Behind it, unless `gatewayOptions` has an `upstream`, is an application that
   * answers with the headers that it got: JSON with a list of lines for each name, in lower case.
   */
  readonly gateway: Gateway;
}

/**
 * Of a worker where every file has the same PKI, so that worker-scoped fixtures of the user's can depend on it; of a file where each has its own. The types say the former:
 * Vitest refuses a worker-scoped fixture that depends on one of a file, with both names.
 */
const pkiScope = (isProvided() ? 'worker' : 'file') as 'worker'; // one of the two that Vitest takes

/** Vitest's `test` with a PKI, an echo server and a client: `test('...', async ({ pki, server, client }) => {})`. */
export const test: TestAPI<ScopedFixtures> = base
  .extend('pki', { scope: pkiScope }, () => runPki())
  .extend('serverOptions', (): Partial<TlsServerOptions> => ({}))
  .extend('server', async ({ pki, serverOptions }, { onCleanup }) => {
    const server = await startTlsServer({ identity: pki.server(), ...serverOptions });
    onCleanup(() => server.close());
    return server;
  })
  .extend('client', ({ pki }) => pki.client())
  .extend('gatewayOptions', (): Partial<GatewayOptions> => ({}))
  .extend('gateway', async ({ pki, gatewayOptions }, { onCleanup }) => {
    const [{ startGateway }, { headerMirror }] = await Promise.all([
      import('../forwarded/gateway/start-gateway.ts'),
      import('./header-mirror.ts'),
    ]);
    const gateway = await startGateway({ pki, upstream: headerMirror, format: 'rfc9440', ...gatewayOptions });
    onCleanup(() => gateway.close());
    return gateway;
  });

/** The fixtures written out, since the builder infers nested types that are hard to read; with the record of their scopes that Vitest keeps in the type for `beforeAll` and further `extend`s. */
export type ScopedFixtures = MtlsFixtures & {
  readonly $__worker?: Pick<MtlsFixtures, 'pki'>;
  readonly $__file?: object;
  readonly $__test?: Pick<MtlsFixtures, 'serverOptions' | 'server' | 'client' | 'gatewayOptions' | 'gateway'>;
};
