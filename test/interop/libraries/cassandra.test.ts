import { Client, errors } from 'cassandra-driver';
import type tls from 'node:tls';
import { type ObservedServer, type ServerOptions, startTlsServer } from '../../../src/index.ts';
import { greetingFor } from './answering-servers.ts';
import { relayedFailure, testLibrary } from './library-suite.ts';

// cassandra-driver keeps an error for each host, by its address. It does not verify the server unless it is told to.
testLibrary('cassandra-driver', {
  startServer: (options) => startCql(options, (socket) => greetingFor(socket)),
  startFailingServer: (options) => startCql(options, () => relayedFailure),
  call: async ({ port }, material) => {
    const client = new Client({
      contactPoints: [`localhost:${port}`],
      localDataCenter: 'datacenter1',
      sslOptions: { ...material, host: 'localhost', rejectUnauthorized: true },
    });
    try {
      await client.connect();
      return 'connected';
    } catch (error) {
      const answer = error instanceof errors.NoHostAvailableError && Object.values<unknown>(error.innerErrors).find(isAnswer);
      if (answer && answer.message.startsWith('hello ')) return answer.message;
      if (error instanceof Error) error.message = error.message.slice(0, 'All host(s) tried for query failed'.length);
      throw answer ? Object.assign(error as Error, { message: answer.message }) : error;
    } finally {
      await client.shutdown();
    }
  },
  refused: () => noHost,
  refuses: () => noHost,
});

const noHost = { name: 'NoHostAvailableError', message: 'All host(s) tried for query failed' } as const;

function isAnswer(error: unknown): error is Error {
  return error instanceof errors.ResponseError;
}

/** A server that answers each frame of CQL's native protocol with an ERROR frame: what it says stands in the client's error for that host. */
function startCql(options: ServerOptions, say: (socket: tls.TLSSocket) => string): Promise<ObservedServer> {
  return startTlsServer({
    ...options,
    onConnection: (socket) => {
      socket.on('data', (frame: Buffer) => void socket.write(errorFrame(frame, say(socket))));
      socket.on('error', () => {}); // the client leaves
    },
  });
}

/** Version, flags and stream of the request, opcode ERROR, the code of a server error (0x0000), its words. */
function errorFrame(request: Buffer, words: string): Buffer {
  const [version = 4] = request;
  const text = Buffer.from(words);
  const body = Buffer.alloc(6);
  body.writeUInt16BE(text.length, 4);
  const header = Buffer.alloc(9);
  header.writeUInt8((version & 0x7f) | 0x80, 0);
  request.copy(header, 2, 2, 4);
  header.writeUInt32BE(body.length + text.length, 5);
  return Buffer.concat([header, body, text]);
}
