import type { RequestListener } from 'node:http';
import type http2 from 'node:http2';
import type tls from 'node:tls';
import { decodePem } from '../../asn1/pem.ts';
import { requireJudgingRuntime } from '../../errors/index.ts';
import { warnOfExposure } from '../../net/exposure-warning.ts';
import { nodeTls, requireUsable } from '../../options/engine.ts';
import { http2ServerSchema, httpsServerSchema, tlsServerSchema } from './call-options.ts';
import { listen } from '../../net/listen.ts';
import { HostServer } from './host-server.ts';
import { beginObserving } from '../observe/observe.ts';
import type { ObservedServer } from './observed-server.ts';
import { parseServer, type ParsedServer, type PkiServerOptions, type ServerOptions } from './server-options.ts';

/** Options of {@link startTlsServer}. */
export interface TlsServerOptions extends ServerOptions {
  /** What to do with an accepted connection; default: echo what it sends. */
  readonly onConnection?: ((socket: tls.TLSSocket) => void) | undefined;
}

/** Starts an observed TLS server on loopback that requires client certificates, and echoes unless given `onConnection`. */
export async function startTlsServer(
  options: TlsServerOptions | (PkiServerOptions & Pick<TlsServerOptions, 'onConnection'>),
): Promise<ObservedServer> {
  const parsed = parseServer(tlsServerSchema, options);
  const { onConnection = echo } = options;
  return startObserved(parsed, (tlsOptions) => nodeTls().createServer(tlsOptions, onConnection));
}

/** Starts an observed HTTPS server on loopback that requires client certificates. */
export async function startHttpsServer(handler: RequestListener, options: ServerOptions | PkiServerOptions): Promise<ObservedServer> {
  const parsed = parseServer(httpsServerSchema, options);
  const { default: https } = await import('node:https');
  return startObserved(parsed, (tlsOptions) => https.createServer(tlsOptions, handler));
}

/** The handler of an HTTP/2 server, in the compatibility API. */
export type Http2Handler = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void;

/** Starts an observed HTTP/2 server on loopback that requires client certificates; `allowHTTP1: true` passes through. */
export async function startHttp2Server(
  handler: Http2Handler,
  options: (ServerOptions | PkiServerOptions) & { readonly allowHTTP1?: boolean | undefined },
): Promise<ObservedServer> {
  const parsed = parseServer(http2ServerSchema, options);
  const { default: http2Module } = await import('node:http2');
  return startObserved(parsed, (tlsOptions) => http2Module.createSecureServer(tlsOptions, handler));
}

/** Starts what `create` makes of checked options; internal. */
export async function startObserved(parsed: ParsedServer, create: (tlsOptions: tls.TlsOptions) => tls.Server): Promise<ObservedServer> {
  const { identity, pki, tlsOptions, policy, certificateMessage, staple, host, port, exposed, hosts } = parsed;
  requireJudgingRuntime('start a server');
  const server = createServer(create, tlsOptions, 'server options');
  const owner = beginObserving(server, {
    policy,
    identity,
    pki,
    context: tlsOptions,
    certificateMessage,
    presented: certificateMessage ?? (tlsOptions.SNICallback ? undefined : decodePem(identity.chainPem).map(({ der }) => der)),
    hosts: hosts.map((each) => new HostServer(each, createServer(create, each.tlsOptions, `host "${each.name}"`))),
  });
  if (hosts.length > 0) refuseRenegotiation(server);
  await listen(server, { host, port });
  if (staple !== undefined) owner.rotate({ staple });
  warnOfExposure(server.address(), { exposed, toOthers: toOthers(tlsOptions) });
  return owner;
}

/** The name that a client asks for has chosen what it was verified by: it cannot ask for another on the same connection (CVE-2026-123872). */
function refuseRenegotiation(server: tls.Server): void {
  server.prependListener('secureConnection', (socket) => socket.disableRenegotiation());
}

function createServer(create: (tlsOptions: tls.TlsOptions) => tls.Server, tlsOptions: tls.TlsOptions, option: string): tls.Server {
  const server = requireUsable(() => create(tlsOptions), { option, expected: 'options that tls.createServer takes' });
  hideKey(server);
  return server;
}

/**
 * Node keeps the key as it was given on the server, and node:http2 once more in its options under a symbol: there console.log and JSON.stringify would show it, also of
 * each of the server's sockets.
 */
function hideKey(server: tls.Server): void {
  const own: readonly unknown[] = Reflect.ownKeys(server).map((name) => Object.getOwnPropertyDescriptor(server, name)?.value);
  for (const holder of [server, ...own])
    if (typeof holder === 'object' && holder !== null && Object.hasOwn(holder, 'key'))
      Object.defineProperty(holder, 'key', { enumerable: false });
}

function toOthers({ rejectUnauthorized }: tls.TlsOptions): string {
  return rejectUnauthorized === true
    ? 'every client with a certificate that it trusts is accepted'
    : 'every client is accepted, also without a certificate';
}

function echo(socket: tls.TLSSocket): void {
  socket.on('error', () => socket.destroy()); // the record says what happened
  socket.pipe(socket);
}
