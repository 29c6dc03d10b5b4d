import { Client } from '@elastic/elasticsearch';
import https from 'node:https';
import type { ObservedServer } from '../../../src/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import { greetingFor } from './answering-servers.ts';
import { relayedFailure, testLibrary } from './library-suite.ts';

testLibrary('@elastic/elasticsearch', {
  startServer: (options) => startElastic(options, (request) => ({ status: 200, text: greetingFor(request) })),
  startFailingServer: (options) => startElastic(options, () => ({ status: 500, text: relayedFailure })),
  call: async ({ port }, tls) => {
    const client = new Client({ node: `https://localhost:${port}`, tls, maxRetries: 0 });
    try {
      const { tagline } = await client.info();
      return tagline;
    } finally {
      await client.close();
    }
  },
  // Its undici says of a TLS 1.3 alert that the other side closed; its own errors have no code, the one within as little as the outer one.
  refused: (alert, version) =>
    connectionError(version === 'TLSv1.3' ? 'other side closed - Local: <address>, Remote: <address>' : alert.message),
  refuses: (own) => connectionError(own.message),
});

function connectionError(message: string): { name: string; message: string; cause: { name: string; message: string } } {
  return { name: 'ConnectionError', message, cause: { name: 'ConnectionError', message } };
}

/** The client looks for the product's header before it takes an answer. */
function startElastic(
  options: SuiteServerOptions,
  answer: (socket: object) => { readonly status: number; readonly text: string },
): Promise<ObservedServer> {
  return listenObserved(
    https.createServer(userOptions(options), (request, response) => {
      const { status, text } = answer(request.socket);
      response
        .writeHead(status, {
          'content-type': 'application/vnd.elasticsearch+json; compatible-with=9',
          'x-elastic-product': 'Elasticsearch',
        })
        .end(JSON.stringify(status === 200 ? { tagline: text } : { error: { type: text, reason: text }, status }));
    }),
  );
}
