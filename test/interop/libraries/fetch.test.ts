import { Agent, type Dispatcher, Dispatcher1Wrapper, fetch as undiciFetch } from 'undici';
import { expect, test } from '../../../src/vitest/index.ts';
import { startFailingServer, startGreetingServer } from './answering-servers.ts';
import type { CallMaterial } from '../node-clients.ts';
import { type ErrorFacts, errorFacts } from './error-facts.ts';
import { type Library, type NodeErrorFacts, testLibrary } from './library-suite.ts';

type Fetch = (url: string, agent: Agent) => Promise<{ text(): Promise<string> }>;

/** The agent of the undici from npm speaks version 2 of the dispatcher interface; Node 22 and 24 fetch by an undici that speaks version 1. */
const fetchGlobally: Fetch = (url, agent) => {
  return fetch(url, withDispatcher(new Dispatcher1Wrapper(agent)));
};

/** Node's types have the dispatcher of Node's own undici. */
function withDispatcher(dispatcher: Dispatcher): RequestInit {
  const init: object = { dispatcher };
  return init;
}

const calling =
  (fetchIt: Fetch): Library['call'] =>
  async ({ port }, material) => {
    const agent = new Agent({ connect: material });
    try {
      const response = await fetchIt(`https://localhost:${port}`, agent);
      return await response.text();
    } finally {
      await agent.destroy();
    }
  };

const library: Omit<Library, 'call'> = {
  startServer: startGreetingServer,
  startFailingServer,
  // As with undici's request, and in a TypeError that says nothing.
  refused: (alert, version) =>
    fetchFailed(version === 'TLSv1.3' ? { name: 'SocketError', code: 'UND_ERR_SOCKET', message: 'other side closed' } : alert),
  refuses: fetchFailed,
};

testLibrary('the global fetch', { ...library, call: calling(fetchGlobally) });
testLibrary("undici's fetch", { ...library, call: calling((url, dispatcher) => undiciFetch(url, { dispatcher })) });

test('the global fetch takes the agent itself only where Node has the same major version of undici', async ({ pki }) => {
  await using server = await startGreetingServer({ identity: pki.server() });
  const material: CallMaterial = pki.client('alice').tls;
  const sameMajor = process.versions['undici']?.startsWith('8.') === true;
  const withAgent = calling((url, dispatcher) => fetch(url, withDispatcher(dispatcher)));

  const outcome = await withAgent(server, material).catch(errorFacts);

  const misfit = { name: 'InvalidArgumentError', code: 'UND_ERR_INVALID_ARG', message: 'invalid onRequestStart method' };
  expect(outcome).toEqual(sameMajor ? 'hello alice' : fetchFailed(misfit));
});

function fetchFailed(cause: NodeErrorFacts): ErrorFacts {
  return { name: 'TypeError', message: 'fetch failed', cause };
}
