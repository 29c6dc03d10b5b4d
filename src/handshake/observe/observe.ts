import type tls from 'node:tls';
import { MtlsFixturesError, requireJudgingRuntime, textOf } from '../../errors/index.ts';
import { nodeTls } from '../../options/engine.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import { ObservedNodeServer } from '../server/observed-node-server.ts';
import type { ObservedServer } from '../server/observed-server.ts';
import { type DecisionPolicy, type ObserveOptions, parsePolicy } from '../server/server-options.ts';
import type { HostServer } from '../server/host-server.ts';
import { ServerObserver } from './server-observer.ts';
import { isWatched } from './watched-context.ts';

/**
 * Records every handshake of a server of the user's own: `tls.Server`, `https.Server` or `http2.Http2SecureServer`, listening or not
 * yet. Its options and listeners stay as they are. Throws `NOT_A_TLS_SERVER` and `ALREADY_OBSERVED`.
 */
export function observe(server: tls.Server, options: ObserveOptions = {}): ObservedServer {
  requireJudgingRuntime('observe a server');
  const policy = parsePolicy(options);
  if (!(server instanceof nodeTls().Server)) throw new MtlsFixturesError('NOT_A_TLS_SERVER', { value: describeValue(server) });
  if (isWatched(server)) throw new MtlsFixturesError('ALREADY_OBSERVED', { url: describeAddress(server) });
  return beginObserving(server, { policy, identity: options.identity, pki: options.pki, context: options.context });
}

/** What is known of a server, checked. */
interface ObservedSettings {
  readonly policy: DecisionPolicy;
  readonly identity: Identity | undefined;
  readonly pki: Pki | undefined;
  readonly context: tls.SecureContextOptions | undefined;
  /** DER that every connection is shown, the leaf first; undefined where only the TLS engine knows. */
  readonly presented?: readonly Uint8Array[] | undefined;
  readonly certificateMessage?: readonly Uint8Array[] | undefined;
  readonly hosts?: readonly HostServer[] | undefined;
}

/** The same for a server that nothing observes yet, with checked settings; internal. */
export function beginObserving(
  server: tls.Server,
  { policy, identity, pki, context, presented, certificateMessage, hosts = [] }: ObservedSettings,
): ObservedServer {
  const scheme = schemeOf(server);
  const observer = new ServerObserver(server, { ...policy, clientSpeaksFirst: scheme === 'https' });
  const anchors = identity && identity.anchors !== '' ? identity.anchors : undefined;
  const ofClients = anchors ?? (identity ? undefined : pki?.anchors);
  observer.pki = pki;
  Object.assign(observer.credentials, { anchors: ofClients, verifyContext: context, presented, certificateMessage });
  const material = identity && { key: identity.keyPem, cert: identity.chainPem, ...(anchors !== undefined && { ca: anchors }) };
  return new ObservedNodeServer({
    server,
    observer,
    scheme,
    identity,
    context: { ...material, ...context },
    trust: typeof context?.ca === 'string' ? context.ca : undefined,
    hosts,
  });
}

/** HTTP servers have members that a plain TLS server lacks; asking `instanceof` would always load node:https and node:http2. */
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
