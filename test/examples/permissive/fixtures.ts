import type { TlsServerOptions } from '../../../src/index.ts';
import { expect, test as base } from '../../../src/vitest/index.ts';

export { expect };

/** The fixtures of `mtls-fixtures/vitest`, with a server that lets in clients whose certificates it could not verify. */
export const test: typeof base = base.extend('serverOptions', (): Partial<TlsServerOptions> => ({ clientAuth: 'request' }));
