import type { Duplex } from 'node:stream';
import type { EngineConnection } from '../engine-connection.ts';
import type { ClientOptions, PeerOptions, ServerOptions } from '../peer-options.ts';
import { PeerState } from '../peer-state.ts';
import type { Side } from '../../tap/capture.ts';
import { performClientHandshake } from './client-handshake.ts';
import type { Peer12 } from './peer12.ts';
import { performServerHandshake } from './server-handshake.ts';
import { Tls12Connection } from './tls12-connection.ts';
import { Tls12Rules } from './tls12-rules.ts';

/** Performs the handshake of a client of TLS 1.2 (RFC 5246 7.3). */
export async function runTls12Client(stream: Duplex, options: ClientOptions): Promise<EngineConnection> {
  const peer = newPeer(stream, 'client', options);
  const { servername, credential } = options;
  const first = await performClientHandshake(peer, options);
  return new Tls12Connection(peer, first, (given) =>
    performClientHandshake(peer, { servername: given.servername ?? servername, credential: given.credential ?? credential }),
  );
}

/** Performs the handshake of a server of TLS 1.2. */
export async function runTls12Server(stream: Duplex, options: ServerOptions): Promise<EngineConnection> {
  const peer = newPeer(stream, 'server', options);
  const { state } = peer;
  const first = await performServerHandshake(peer, await state.expect('client_hello'), options.credential);
  return new Tls12Connection(peer, first, async ({ credential = options.credential }, request) => {
    if (!request) await state.sendFlight('post-handshake', [{ name: 'hello_request', body: () => Buffer.alloc(0) }]);
    const result = await performServerHandshake(peer, request ?? (await state.expect('client_hello')), credential);
    // A server that does not ask again goes by what it knows.
    return state.skips('renegotiation-certificate') ? { ...result, peerCertificates: first.peerCertificates } : result;
  });
}

function newPeer<Options extends PeerOptions>(stream: Duplex, side: Side, options: Options): Peer12<Options> {
  const state = new PeerState(stream, { side, options, rules: (made) => new Tls12Rules(made) });
  return { state, rules: state.rules, options };
}
