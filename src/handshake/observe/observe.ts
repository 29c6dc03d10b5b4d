import type tls from 'node:tls';
import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../../errors/index.ts';
import { nodeTls } from '../server/node-tls.ts';
import { ObservedServer } from '../server/observed-server.ts';
import { registerObserver, ServerObserver } from './server-observer.ts';
import { parsePolicy, type ObserveOptions } from '../server/server-options.ts';

/**
 * Records every handshake of a server of the user's own: `tls.Server`, `https.Server` or `http2.Http2SecureServer`, listening or not
 * yet. Its options and listeners stay as they are. Throws `NOT_A_TLS_SERVER` and `ALREADY_OBSERVED`.
 */
export function observe(server: tls.Server, options: ObserveOptions = {}): ObservedServer {
  requireJudgingRuntime('observe a server');
  const policy = parsePolicy(options);
  if (!(server instanceof nodeTls().Server)) throw new MtlsFixturesError('NOT_A_TLS_SERVER', { value: describeValue(server) });
  if (observed.has(server)) throw new MtlsFixturesError('ALREADY_OBSERVED', { url: describeAddress(server) });

  const { identity, context = {} } = options;
  const scheme = schemeOf(server);
  const observer = new ServerObserver(server, { ...policy, clientSpeaksFirst: scheme === 'https' });
  if (identity && identity.anchors !== '') observer.anchors = identity.anchors;
  observer.verifyContext = options.context;
  const presented = identity
    ? { key: identity.keyPem, cert: identity.chainPem, ...(identity.anchors !== '' && { ca: identity.anchors }) }
    : {};
  const owner = new ObservedServer(server, {
    scheme,
    identity,
    context: { ...presented, ...context },
    trust: typeof context.ca === 'string' ? context.ca : undefined,
    release: () => {
      observer.release();
      observed.delete(server);
    },
  });
  registerObserver(owner, observer);
  observed.add(server);
  return owner;
}

const observed = new WeakSet<tls.Server>();

/** HTTP servers have members that a plain TLS server lacks; asking `instanceof` would load node:https and node:http2 for everybody. */
function schemeOf(server: tls.Server): 'https' | 'tls' {
  return 'closeIdleConnections' in server || 'updateSettings' in server ? 'https' : 'tls';
}

function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return textOf(value);
  return 'constructor' in value ? value.constructor.name : 'an object';
}

function describeAddress(server: tls.Server): string {
  const address = server.address();
  return address === null || typeof address === 'string' ? 'a server that is not listening' : `${address.address}:${address.port}`;
}
