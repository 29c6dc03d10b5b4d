import type http from 'node:http';
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { observerOf } from '../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { startObserved } from '../../handshake/server/start-server.ts';
import type { Identity } from '../../pki/identity.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { rememberClients } from './connected-client.ts';
import { Forwarder } from './forwarder.ts';
import type { Gateway, GatewayRequest } from './gateway.ts';
import type { ParsedGateway } from './gateway-options.ts';
import { RequestLog } from './request-log.ts';
import { strippedNames } from './stripped-names.ts';
import { openUpstream, type OpenUpstream } from './upstream.ts';

/** Opens a gateway of checked options. `onRequest` is called once a request is over. */
export async function openGateway(parsed: ParsedGateway, onRequest?: (request: GatewayRequest) => void): Promise<Gateway> {
  const { upstream: source, names, strip, maxRequests } = parsed;
  const log = new RequestLog(maxRequests);
  const upstream = await openUpstream(source, (error, port) => forwarder.handlerThrew(error, port));
  const forwarder = new Forwarder({ target: upstream.target, log, strip, isStripped: strippedNames(names), onRequest });
  try {
    return gatewayOf(await startServer(parsed, forwarder), { log, forwarder, upstream });
  } catch (error) {
    await upstream.close();
    throw error;
  }
}

async function startServer({ server: parsed, row, names, chain }: ParsedGateway, forwarder: Forwarder): Promise<ObservedServer> {
  let owner: ObservedServer | undefined = undefined;
  const presented = (servername: unknown): Identity | undefined => observerOf(owner)?.hostFor(servername)?.identity ?? owner?.identity;
  owner = await startObserved(parsed, (tlsOptions) => {
    const server = http2.createSecureServer({ ...tlsOptions, allowHTTP1: true }, (request, response) =>
      forwarder.forward(request, response),
    );
    server.on('upgrade', (request: http.IncomingMessage, socket: Socket, head: Buffer) => forwarder.upgrade(request, socket, head));
    rememberClients(server, { row, names, chain, by: (servername) => uriOf(presented(servername)) });
    return server;
  });
  return owner;
}

/** Envoy's `By`: the first URI name of what the gateway presents. */
function uriOf(identity: Identity | undefined): string | undefined {
  return identity && inspectCertificate(identity.certificate).altNames.uri[0];
}

/** The parts of a gateway beside its TLS server. */
interface GatewayParts {
  readonly log: RequestLog;
  readonly forwarder: Forwarder;
  readonly upstream: OpenUpstream;
}

/** An observed server with what a gateway has besides. It stays the same object: matchers and suites know it as the server that they observe. */
function gatewayOf(server: ObservedServer, { log, forwarder, upstream }: GatewayParts): Gateway {
  const closeServer = server.close.bind(server);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    try {
      await closeServer();
    } finally {
      forwarder.close();
      await upstream.close();
    }
  };
  return Object.defineProperties(server, {
    requests: { get: () => log.all },
    close: { value: () => (closing ??= close()) },
  }) as Gateway; // the two that it has more, or otherwise
}
