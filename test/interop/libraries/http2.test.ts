import { getByHttp2 } from '../node-clients.ts';
import { startFailingHttp2Server, startGreetingHttp2Server } from './answering-servers.ts';
import type { ErrorFacts } from './error-facts.ts';
import { type NodeErrorFacts, testLibrary } from './library-suite.ts';

testLibrary('a request of http2.connect', {
  startServer: startGreetingHttp2Server,
  startFailingServer: startFailingHttp2Server,
  call: getByHttp2,
  // In TLS 1.3 the alert comes to a session that stands, else the session was never made and the request is cancelled with it.
  refused: (alert, version) => (version === 'TLSv1.3' ? alert : cancelled(alert)),
  refuses: cancelled,
});

function cancelled(cause: NodeErrorFacts): ErrorFacts {
  return {
    name: 'Error',
    code: 'ERR_HTTP2_STREAM_CANCEL',
    message: `The pending stream has been canceled (caused by: ${cause.message})`,
    cause,
  };
}
