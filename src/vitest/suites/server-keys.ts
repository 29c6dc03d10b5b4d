import { invalidOption } from '../../errors/index.ts';
import type { KeyAlgorithm } from '../../pki/key-algorithm.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import { runPki } from '../run-pki.ts';
import type { ServerSuiteOptions, ServerUnderTestSource } from './suite-options.ts';

/** The same server with a key of another algorithm, and what is run against it. */
export interface ServerWithKey {
  /** `with a key of ec-p384` */
  readonly title: string;
  readonly source: ServerUnderTestSource;
  readonly options: ServerSuiteOptions;
}

/** Rejects keys for a server that is not started by the suite: it has its own. */
export function requireStartForKeys({ start }: ServerUnderTestSource, { serverKeys }: ServerSuiteOptions): void {
  if (serverKeys !== undefined && !start)
    throw invalidOption('serverKeys', serverKeys.join(', '), '{ start } as the server under test: any other has a key already');
}

/** The server under test with a key of each algorithm, and its PKI: the same for all of them. */
export function serversWithKeys(
  { start }: ServerUnderTestSource,
  { serverKeys = [], pki = runPki(), ...options }: ServerSuiteOptions,
): { readonly pki: Pki; readonly servers: readonly ServerWithKey[] } {
  const servers = serverKeys.map((key): ServerWithKey => {
    const identity = identityWith(key, options.serverPki && 'server' in options.serverPki ? options.serverPki : pki);
    return {
      title: `with a key of ${key}`,
      source: { start: (configuration) => start?.({ ...configuration, identity: identity() }) ?? refuse() },
      options: { ...options, pki, tiers: ['core'] },
    };
  });
  return { pki, servers };
}

/** One for all starts: an RSA key takes longer than they do. */
function identityWith(keyAlgorithm: KeyAlgorithm, pki: Pki): () => Identity {
  let identity: Identity | undefined;
  return () => (identity ??= pki.server({ keyAlgorithm }));
}

function refuse(): never {
  throw new TypeError('there is no start'); // requireStartForKeys comes first
}
