import http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { Code, ConnectError, createClient, createContextKey, createContextValues, type Transport } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import type { ObservedServer } from '../../../src/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import type { CallMaterial } from '../node-clients.ts';
import { greeterService } from './connect-service.ts';
import type { ErrorFacts } from './error-facts.ts';
import { type NodeErrorFacts, relayedFailure, testLibrary } from './library-suite.ts';

const Greeter = greeterService();
const peer = createContextKey<string | undefined>(undefined);
const transports = { Connect: createConnectTransport, gRPC: createGrpcTransport } as const;

for (const [protocol, createTransport] of Object.entries(transports)) {
  testLibrary(`connect-es, ${protocol} over http2`, {
    startServer: (options) => startConnect(options, (name) => ({ value: `hello ${name}` })),
    startFailingServer: (options) =>
      startConnect(options, () => {
        throw new ConnectError(relayedFailure, Code.Unavailable);
      }),
    call: (target, material) => callGreeter(createTransport, target, material),
    refused: (alert) => connectError(alert),
    refuses: (own) => connectError(own),
  });
}

/** Its handlers know the client by what the adapter puts into their context. */
function startConnect(options: SuiteServerOptions, hello: (name: string | undefined) => { value: string }): Promise<ObservedServer> {
  const handler = connectNodeAdapter({
    routes: (router) => router.service(Greeter, { hello: (_request, { values }) => hello(values.get(peer)) }),
    contextValues: ({ socket }) => createContextValues().set(peer, commonNameOf(socket)),
  });
  return listenObserved(http2.createSecureServer(userOptions(options), handler));
}

function commonNameOf(socket: object): string | undefined {
  return (socket as TLSSocket).getPeerX509Certificate()?.subject.replace('CN=', ''); // these servers speak nothing but TLS
}

async function callGreeter(
  createTransport: (options: { baseUrl: string; httpVersion: '2'; nodeOptions: CallMaterial }) => Transport,
  { port }: { readonly port: number },
  material: CallMaterial,
): Promise<string> {
  const transport = createTransport({ baseUrl: `https://localhost:${port}`, httpVersion: '2', nodeOptions: material });
  const { value } = await createClient(Greeter, transport).hello({});
  return value;
}

function connectError(cause: NodeErrorFacts): ErrorFacts {
  return { name: 'ConnectError', code: Code.Internal, message: `[internal] ${cause.message}`, cause };
}
