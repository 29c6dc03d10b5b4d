import https from 'node:https';
import { WebSocket, WebSocketServer } from 'ws';
import type { ObservedServer } from '../../../src/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import { greetingFor } from './answering-servers.ts';
import { failedWrite, relayedFailure, testLibrary } from './library-suite.ts';

testLibrary('ws', {
  startServer: (options) => startWebSockets(options, (socket, connection) => socket.send(greetingFor(connection))),
  startFailingServer: (options) => startWebSockets(options, (socket) => socket.close(1011, relayedFailure.slice(0, 123))),
  call: ({ port }, material) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`wss://localhost:${port}`, material);
      socket.on('message', (data: Buffer) => {
        resolve(data.toString());
        socket.close();
      });
      socket.on('error', reject);
      socket.on('close', (code, reason) => reject(new Error(`closed with ${code}: ${reason.toString()}`)));
    }),
  refused: (alert, version) => (version === 'TLSv1.3' ? alert : failedWrite(alert)),
  refuses: (own) => own,
});

/** A server of ws upon an https server; the upgrade request's socket is the one with the client's certificate. */
function startWebSockets(options: SuiteServerOptions, greet: (socket: WebSocket, connection: object) => void): Promise<ObservedServer> {
  const server = https.createServer(userOptions(options));
  new WebSocketServer({ server }).on('connection', (socket, request) => greet(socket, request.socket));
  return listenObserved(server);
}
