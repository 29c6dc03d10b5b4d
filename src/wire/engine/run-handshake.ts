import type { Duplex } from 'node:stream';
import type { EngineConnection } from './engine-connection.ts';
import type { ClientOptions, ServerOptions } from './peer-options.ts';
import { runTls12Client, runTls12Server } from './tls12/run-tls12.ts';
import { runTls13Client } from './tls13/client.ts';
import { runTls13Server } from './tls13/server.ts';

/**
 * Performs a handshake as a client, over a stream that is connected already. A test peer, not a TLS library: it sends what it is told to send, and takes no
 * care of side channels. Rejects with an `EngineError` that says how the handshake ended; the stream is over then.
 */
export function runClientHandshake(stream: Duplex, options: ClientOptions): Promise<EngineConnection> {
  return options.version === 'TLSv1.3' ? runTls13Client(stream, options) : runTls12Client(stream, options);
}

/** The same as a server. */
export function runServerHandshake(stream: Duplex, options: ServerOptions): Promise<EngineConnection> {
  return options.version === 'TLSv1.3' ? runTls13Server(stream, options) : runTls12Server(stream, options);
}
