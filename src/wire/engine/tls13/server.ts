import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { extensionType } from '../../registry/extension-types.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { EngineConnection } from '../engine-connection.ts';
import type { FlightMessage } from '../flight.ts';
import type { ServerOptions } from '../peer-options.ts';
import { changeCipherSpec, finished } from '../standard-messages.ts';
import { certificateMessage } from './messages/certificate.ts';
import { certificateRequest } from './messages/certificate-request.ts';
import { certificateVerify } from './messages/certificate-verify.ts';
import { agreeOnKey, groupToRetry, negotiate } from './negotiate.ts';
import { clientAuthentication } from './post-handshake-auth.ts';
import { readClientHello, type OfferedHello } from './messages/read-client-hello.ts';
import { readClientProof, readFinished } from './read-client-proof.ts';
import { resume, type ResumedSession } from './resume.ts';
import { checkSecondHello } from './messages/second-hello.ts';
import { encryptedExtensions, helloRetryRequest, serverHello } from './messages/server-hello.ts';
import { newSessionTicket } from './messages/tickets.ts';
import { Tls13Connection } from './tls13-connection.ts';
import { type Tls13State, tls13State } from './tls13-state.ts';

/** A ClientHello and what it says. */
interface ReceivedHello {
  readonly message: Incoming;
  readonly hello: OfferedHello;
}

/** Performs the handshake of a server of TLS 1.3 (RFC 8446 2). */
export async function runTls13Server(stream: Duplex, options: ServerOptions): Promise<EngineConnection> {
  const state = tls13State(stream, 'server', options);
  const received = await lastHello(state, options, await nextHello(state));
  const { hello, message } = received;
  const resumed = resume(state, options, received);
  state.accept(message);
  const isAsked = options.requestCertificate === true && !resumed;
  await state.sendFlight('server', serverFlight(state, options, { hello, resumed, isAsked }));

  const fresh = isAsked ? await readClientProof(state, options, { context: Buffer.alloc(0) }) : [];
  if (!isAsked) await readFinished(state);
  state.rules.leaveHandshake();
  state.rules.readApplication();
  const peerCertificates = resumed?.session.clientCertificates ?? fresh;
  if (options.tickets === true && hello.pskModes.length > 0)
    await state.sendFlight('tickets', [newSessionTicket(state, hello, peerCertificates)]);
  const mayAsk = hello.extensions.has(extensionType.post_handshake_auth);
  return new Tls13Connection(state, { peerCertificates, options, ...(mayAsk && { authentication: clientAuthentication(options) }) });
}

async function nextHello(state: Tls13State): Promise<ReceivedHello> {
  const message = await state.expect('client_hello');
  return { message, hello: readClientHello(state, message) };
}

/** The ClientHello that is answered: the second one, where a HelloRetryRequest has to come first or is asked for. */
async function lastHello(state: Tls13State, options: ServerOptions, first: ReceivedHello): Promise<ReceivedHello> {
  negotiate(state, options, first.hello);
  const group = groupToRetry(state, options, first.hello);
  const cookie = options.helloRetry === true ? randomBytes(32) : undefined;
  if (group === undefined && !cookie) return first;
  state.accept(first.message);
  state.transcript.replaceByHash(state.rules.hash);
  await state.sendFlight('hello-retry', [helloRetryRequest(state, first.hello, { group, cookie }), changeCipherSpec]);
  const second = await nextHello(state);
  checkSecondHello(state, { first: first.hello, second: second.hello, group, cookie });
  return second;
}

interface ServerFlight {
  readonly hello: OfferedHello;
  readonly resumed: ResumedSession | undefined;
  /** Whether the client's certificate is asked for. */
  readonly isAsked: boolean;
}

function serverFlight(state: Tls13State, options: ServerOptions, { hello, resumed, isAsked }: ServerFlight): FlightMessage[] {
  const share = agreeOnKey(state, options, hello);
  const isRetried = state.sent('hello_retry_request') !== undefined;
  return [
    serverHello(state, hello, { share, ...(resumed && { preSharedKey: resumed.index }) }),
    ...(isRetried ? [] : [changeCipherSpec]),
    encryptedExtensions(state),
    ...(isAsked ? [certificateRequest(state, options)] : []),
    ...(resumed ? [] : [certificateMessage(state, hello.compressions), certificateVerify]),
    finished,
  ];
}
