import https from 'node:https';
import axios from 'axios';
import { startFailingServer, startGreetingServer } from './answering-servers.ts';
import type { ErrorFacts } from './error-facts.ts';
import { failedWrite, type NodeErrorFacts, testLibrary } from './library-suite.ts';

testLibrary('axios', {
  startServer: startGreetingServer,
  startFailingServer,
  call: async ({ port }, material) => {
    const { data } = await axios.get<string>(`https://localhost:${port}`, { httpsAgent: new https.Agent(material) });
    return data;
  },
  refused: (alert, version) => wrapped(version === 'TLSv1.3' ? alert : failedWrite(alert)),
  refuses: wrapped,
});

/** An AxiosError takes name, code and message of its cause. */
function wrapped(cause: NodeErrorFacts): ErrorFacts {
  return { ...cause, cause };
}
