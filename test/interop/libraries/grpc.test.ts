import { credentials, Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { type ObservedServer, startTlsServer } from '../../../src/index.ts';
import type { SuiteServerOptions } from '../listen-observed.ts';
import type { CallMaterial } from '../node-clients.ts';
import type { ErrorFacts } from './error-facts.ts';
import { greeter, GreeterClient } from './grpc-service.ts';
import { type NodeErrorFacts, testLibrary } from './library-suite.ts';

testLibrary('@grpc/grpc-js', {
  startServer: (options) =>
    startGrpc(options, (call, reply) => {
      const { sslPeerCertificate } = call.getAuthContext();
      reply(null, Buffer.from(`hello ${String(sslPeerCertificate?.subject['CN'])}`));
    }),
  // It relays, word for word, what its own client says of a refused connection.
  startFailingServer: (options) =>
    startGrpc(options, (_call, reply) => reply({ code: status.UNAVAILABLE, details: noConnectionWords(upstreamFailed) })),
  call: callGreeter,
  // In TLS 1.3 the alert comes when the connection stands, and the error is put into words by another part of grpc-js.
  refused: (alert, version) => noConnection(version === 'TLSv1.3' ? `${alert.message} (<time>)` : `Error: ${alert.message}`),
  refuses: ({ code, message }: NodeErrorFacts) =>
    noConnection(code.startsWith('ERR_') ? `Error [${code}]: ${message}` : `Error: ${message}`),
});

function callGreeter({ port }: { readonly port: number }, { ca, key, cert }: CallMaterial): Promise<string> {
  const bytes = (pem: string | undefined): Buffer | null => (pem === undefined ? null : Buffer.from(pem));
  const client = new GreeterClient(`localhost:${port}`, credentials.createSsl(bytes(ca), bytes(key), bytes(cert)));
  return new Promise((resolve, reject) => {
    client['hello']?.(Buffer.from('hello'), new Metadata(), (error: Error | null, answer: Buffer) => {
      client.close();
      if (error) reject(error);
      else resolve(answer.toString());
    });
  });
}

/** The server of grpc-js behind an observed one, which is its TLS: `createConnectionInjector` takes connections that are made. */
async function startGrpc(
  options: SuiteServerOptions,
  hello: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => void,
): Promise<ObservedServer> {
  const service = new Server();
  service.addService(greeter, { hello });
  const injector = service.createConnectionInjector(ServerCredentials.createInsecure());
  return startTlsServer({ ...options, ALPNProtocols: ['h2'], onConnection: (socket) => injector.injectConnection(socket) });
}

function noConnection(words: string): ErrorFacts {
  return { name: 'Error', code: status.UNAVAILABLE, message: `14 UNAVAILABLE: ${noConnectionWords(words)}` };
}

function noConnectionWords(words: string): string {
  return `No connection established. Last error: ${words}. Resolution note: `;
}

const upstreamFailed = 'Error: 4033:error:0A000415:SSL routines:ssl3_read_bytes:upstream failed:rec_layer_s3.c:918:SSL alert number 45\n';
