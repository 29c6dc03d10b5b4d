import { getByHttps } from '../node-clients.ts';
import { startFailingServer, startGreetingServer } from './answering-servers.ts';
import { failedWrite, testLibrary } from './library-suite.ts';

testLibrary('https.get', {
  startServer: startGreetingServer,
  startFailingServer,
  call: getByHttps,
  refused: (alert, version) => (version === 'TLSv1.3' ? alert : failedWrite(alert)),
  refuses: (own) => own,
});
