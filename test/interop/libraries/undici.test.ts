import { Agent, request } from 'undici';
import { startFailingServer, startGreetingServer } from './answering-servers.ts';
import { testLibrary } from './library-suite.ts';

testLibrary("undici's request", {
  startServer: startGreetingServer,
  startFailingServer,
  call: async ({ port }, material) => {
    const dispatcher = new Agent({ connect: material });
    try {
      const { body } = await request(`https://localhost:${port}`, { dispatcher });
      return await body.text();
    } finally {
      await dispatcher.destroy();
    }
  },
  // In TLS 1.3 the end of the connection comes right after the alert and wins: the matcher has it from the observed server of this process.
  refused: (alert, version) =>
    version === 'TLSv1.3' ? { name: 'SocketError', code: 'UND_ERR_SOCKET', message: 'other side closed' } : alert,
  refuses: (own) => own,
});
