import https from 'node:https';
import { once } from 'node:events';
import { Agent, EventSource, WebSocket } from 'undici';
import { describe } from 'vitest';
import { WebSocketServer } from 'ws';
import { createPki, type Identity, type ObservedServer, startHttpsServer } from '../../../src/index.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import { listenObserved, userOptions } from '../listen-observed.ts';

const pki = createPki();
const past = new Date(Date.now() - 60_000);
const expired = pki.client('old', { notAfter: past });

interface Library {
  readonly start: (identity: Identity) => Promise<ObservedServer>;
  /** Resolves when it is open; rejects with the event `error`. */
  readonly open: (server: ObservedServer, dispatcher: Agent) => Promise<void>;
}

const libraries: Readonly<Record<string, Library>> = {
  WebSocket: {
    start: (identity) => {
      const web = https.createServer(userOptions({ identity, trust: pki.anchors }));
      const sockets = new WebSocketServer({ server: web });
      web.on('close', () => sockets.close());
      return listenObserved(web);
    },
    open: ({ port }, dispatcher) => {
      const socket = new WebSocket(`wss://localhost:${port}`, { dispatcher });
      return new Promise<void>((resolve, reject) => {
        socket.addEventListener('open', () => resolve());
        socket.addEventListener('error', reject);
      }).finally(() => socket.close());
    },
  },
  EventSource: {
    start: (identity) =>
      startHttpsServer(
        (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: hello\n\n'),
        { identity, trust: pki.anchors },
      ),
    open: ({ port }, dispatcher) => {
      const source = new EventSource(`https://localhost:${port}`, { node: { dispatcher } });
      return new Promise<void>((resolve, reject) => {
        source.addEventListener('open', () => resolve());
        source.addEventListener('error', reject);
      }).finally(() => source.close());
    },
  },
};

describe.for(Object.entries(libraries))("undici's %s", ([, { start, open }]) => {
  describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (maxVersion) => {
    const call = async (server: ObservedServer, { tls }: Identity): Promise<void> => {
      const dispatcher = new Agent({ connect: { ...tls, maxVersion } });
      try {
        await open(server, dispatcher);
      } finally {
        await dispatcher.destroy();
      }
    };
    /** The dispatcher emits what the connection failed with: before it was open, or after. */
    const reasonOf = async (server: ObservedServer, { tls }: Identity): Promise<void> => {
      const dispatcher = new Agent({ connect: { ...tls, maxVersion } });
      const failed = new Promise<never>((_resolve, reject) => {
        dispatcher.on('connectionError', (_origin, _targets, error) => reject(error));
        dispatcher.on('disconnect', (_origin, _targets, error) => reject(error));
      });
      try {
        failed.catch(() => {}); // an upgrade ends the connection for the dispatcher too
        await open(server, dispatcher).catch(() => failed);
      } finally {
        await dispatcher.destroy();
      }
    };

    test('has no reason in its event: the expectation fails; its dispatcher has it', async () => {
      await using server = await start(pki.server());

      await expect(call(server, pki.client())).resolves.toBeUndefined();
      await expect(expect(call(server, expired)).toFailHandshake()).rejects.toThrow(/does not say that a handshake was refused/u);
      await expect(reasonOf(server, pki.client())).resolves.toBeUndefined();
      await expect(reasonOf(server, expired)).toFailHandshake({ by: 'server', alert: 'certificate_expired' });
    });

    test('refuses a server, and its dispatcher has the reason', async () => {
      await using control = await start(pki.server());
      await using server = await start(pki.server({ notAfter: past }));

      await expect(reasonOf(control, pki.client())).resolves.toBeUndefined();
      await expect(reasonOf(server, pki.client())).toFailHandshake({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
    });
  });
});

test('an error event that does have the error is read, that of ws for one', async () => {
  const error = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
  const target = new EventTarget();
  const caught = once(target, 'error');

  target.dispatchEvent(Object.assign(new Event('error'), { error }));
  const [event] = (await caught) as [Event]; // once gives the event

  expect(handshakeFailure(event)).toMatchObject({ by: 'client', reason: 'CERT_HAS_EXPIRED' });
});
