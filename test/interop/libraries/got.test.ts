import got from 'got';
import { startFailingServer, startGreetingServer } from './answering-servers.ts';
import type { ErrorFacts } from './error-facts.ts';
import { failedWrite, type NodeErrorFacts, testLibrary } from './library-suite.ts';

testLibrary('got', {
  startServer: startGreetingServer,
  startFailingServer,
  // Without `retry` got calls again: it takes a 500 for a passing failure.
  call: ({ port }, { key, cert, ca }) =>
    got(`https://localhost:${port}`, {
      https: { ...(key !== undefined && { key }), ...(cert !== undefined && { certificate: cert }), certificateAuthority: ca },
      retry: { limit: 0 },
    }).text(),
  refused: (alert, version) => wrapped(version === 'TLSv1.3' ? alert : failedWrite(alert)),
  refuses: wrapped,
});

function wrapped(cause: NodeErrorFacts): ErrorFacts {
  return { ...cause, name: 'RequestError', cause };
}
