import type { TlsOptions, TLSSocket } from 'node:tls';
import { openableCiphers } from '../../wire/records/tls12-protection.ts';
import { requireUsable } from '../../options/engine.ts';
import { isHttpRequest } from '../fault-bytes.ts';
import { answer, headOf, onFirstMessage } from './answer.ts';
import type { RealServerOptions } from './fault-server-options.ts';
import { closeWithPeer, InterposedSocket } from '../interposed-socket.ts';
import type { RealServerKind, ServerFault } from './server-fault.ts';
import type { ClientConnection, ServerReaction } from './server-reaction.ts';
import { alertNumberOf, usableWords } from '../real-peer.ts';

/** A fault that Node's own TLS server shows, with what it sends slowed down or cut off on its way. */
type RealServerFault = Extract<ServerFault, { readonly kind: RealServerKind }>;

/** The faults behind which a real server stands. */
export function realServerReaction(fault: RealServerFault, options: RealServerOptions): ServerReaction {
  const { createServer } = process.getBuiltinModule('node:tls');
  requireUsableServer(options);
  const tlsOptions = tlsOptionsOf(options);
  return {
    onConnect: (connection) => {
      const wire = new InterposedSocket(connection.socket, 'server');
      const noteAlert = (error: Error): void => {
        const code = alertNumberOf(error);
        if (code !== undefined) connection.receivedAlert(code);
      };
      // A server for each connection, never listening: so every event of it is this connection's.
      const server = createServer(tlsOptions, (engine) => {
        connection.count('completedHandshakes');
        engine.on('error', noteAlert);
        closeWithPeer(engine);
        if (fault.kind === 'close-without-close-notify') truncate(engine, { ...fault, json: options.json }, { connection, wire });
        else (options.onConnection ?? answer)(engine);
      });
      server.on('tlsClientError', noteAlert);
      wire.isSlow = fault.kind === 'one-byte-at-a-time';
      server.emit('connection', wire);
    },
    onClientHello: (connection) => {
      if (fault.kind === 'one-byte-at-a-time') connection.count('faultsShown');
    },
    onPlaintext: () => {}, // for the engine to reject
    onEnd: () => {}, // for the engine to answer
  };
}

/** Rejects what Node's own server cannot be made of. */
export function requireUsableServer(options: RealServerOptions): void {
  requireUsable(() => process.getBuiltinModule('node:tls').createServer(tlsOptionsOf(options)), usableWords);
}

function tlsOptionsOf({ identity, trust = identity?.anchors, minVersion, maxVersion, ALPNProtocols }: RealServerOptions): TlsOptions {
  const ca = trust ?? '';
  return {
    key: identity?.keyPem,
    cert: identity?.chainPem,
    ca: ca === '' ? [] : ca, // only named, never judged by: without it Node would load the public roots
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
    ...(ALPNProtocols && { ALPNProtocols: [...ALPNProtocols] }),
    ciphers: openableCiphers(),
    requestCert: true,
    rejectUnauthorized: false,
  };
}

/** Answers and ends the stream without close_notify: an HTTP response without a length is whole only if that comes (RFC 9112 9.8). */
function truncate(
  engine: TLSSocket,
  {
    contentLength = false,
    greeting,
    json,
  }: { readonly contentLength?: boolean | undefined; readonly greeting?: string | undefined; readonly json?: string | undefined },
  { connection, wire }: { readonly connection: ClientConnection; readonly wire: InterposedSocket },
): void {
  const leaveAfter = (said: string | Buffer): void => {
    engine.write(said, () => {
      connection.count('faultsShown');
      wire.cut();
    });
  };
  engine.resume();
  if (greeting === undefined)
    onFirstMessage(engine, (message) => leaveAfter(isHttpRequest(message) ? cutResponse(contentLength, json) : message));
  else leaveAfter(greeting);
}

/** A body that reads well, so that a client that overlooks the end without close_notify or the missing octets takes it. */
function cutResponse(contentLength: boolean, json: string | undefined): string {
  const [type, body] = json === undefined ? ['text/plain', 'this body is cut o'] : ['application/json', json];
  return `${headOf(type)}${contentLength ? `Content-Length: ${Buffer.byteLength(body) + 1000}\r\n` : ''}\r\n${body}`;
}
