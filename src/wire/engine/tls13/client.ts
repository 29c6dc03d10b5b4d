import type { Duplex } from 'node:stream';
import { hashOfSuite } from '../../records/protected-record.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { EngineConnection } from '../engine-connection.ts';
import type { ClientOptions } from '../peer-options.ts';
import { changeCipherSpec, finished } from '../standard-messages.ts';
import { clientHelloBody, type ClientOffer, newOffer, sharesOf } from './messages/client-hello.ts';
import { clientProof } from './client-proof.ts';
import { readRetryRequest, readServerHello } from './messages/read-server-hello.ts';
import { readServerFlight } from './read-server-flight.ts';
import { Tls13Connection } from './tls13-connection.ts';
import { type Tls13State, tls13State } from './tls13-state.ts';

/** Performs the handshake of a client of TLS 1.3 (RFC 8446 2). */
export async function runTls13Client(stream: Duplex, options: ClientOptions): Promise<EngineConnection> {
  const state = tls13State(stream, 'client', options);
  const { session } = options;
  if (session) state.rules.offered = { hash: hashOfSuite(session.cipherSuite) ?? 'sha256', key: session.secret };
  const offer = newOffer(options);
  await state.sendFlight('hello', [{ name: 'client_hello', body: () => clientHelloBody(state, options, offer) }]);

  const hello = await firstAnswer(state, options, offer);
  readServerHello(state, hello.message, { offer: hello.offer, options });
  state.accept(hello.message);
  state.rules.enterHandshake();

  const { request, peerCertificates } = await readServerFlight(state, options);
  await state.sendFlight('client', [changeCipherSpec, ...(request ? clientProof(state, request) : []), finished]);
  state.rules.leaveHandshake();
  return new Tls13Connection(state, { options, peerCertificates });
}

/** The ServerHello, with the offer that it answers: the second one after a HelloRetryRequest. */
async function firstAnswer(
  state: Tls13State,
  options: ClientOptions,
  offer: ClientOffer,
): Promise<{ readonly message: Incoming; readonly offer: ClientOffer }> {
  const message = await state.expect('server_hello', 'hello_retry_request');
  if (message.name === 'server_hello') return { message, offer };
  const { group, cookie } = readRetryRequest(state, message, offer);
  state.transcript.replaceByHash(state.rules.hash);
  state.accept(message);
  const second = { ...offer, ...(cookie && { cookie }), ...(group !== undefined && { shares: sharesOf([group]) }) };
  await state.sendFlight('second-hello', [{ name: 'client_hello', body: () => clientHelloBody(state, options, second) }]);
  return { message: await state.expect('server_hello'), offer: second };
}
