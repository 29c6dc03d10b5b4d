import { randomBytes } from 'node:crypto';
import { realNow } from '../../../clock/real-clock.ts';
import { signatureSchemes } from '../../registry/names.ts';
import type { EngineCredential } from '../engine-credential.ts';
import type { EngineSession } from '../engine-session.ts';
import type { ClientOptions } from '../peer-options.ts';
import { offeredSuites } from './cipher-suites.ts';
import { clientFlight, finishing } from './client-flight.ts';
import { encodeClientHello } from './hello.ts';
import { type NewSessionTicket, readNewSessionTicket } from './new-session-ticket.ts';
import { groupsOf, type Peer12, receiveFinished, schemesOf } from './peer12.ts';
import { receiveServerFlight } from './server-flight-checks.ts';
import { type AcceptedServerHello, acceptServerHello } from './server-hello-checks.ts';

/** What may differ from one handshake of a connection to the next. */
export interface ClientHandshake {
  readonly servername?: string | undefined;
  readonly credential?: EngineCredential | undefined;
  readonly session?: EngineSession | undefined;
}

/** What a handshake gives its client. */
export interface ClientResult {
  readonly peerCertificates: readonly Uint8Array[];
  /** To resume; undefined where the server gave neither an id nor a ticket. */
  readonly session: EngineSession | undefined;
}

/** Performs one handshake of a connection as its client (RFC 5246 7.3). */
export async function performClientHandshake(peer: Peer12<ClientOptions>, handshake: ClientHandshake): Promise<ClientResult> {
  const { state, rules } = peer;
  const { session } = handshake;
  state.credential = handshake.credential;
  await state.sendFlight('hello', [{ name: 'client_hello', body: () => clientHello(peer, handshake) }]);
  const message = await state.expect('server_hello');
  const hello = acceptServerHello(peer, message, session);
  state.accept(message);

  if (hello.isResumed && session) {
    rules.resume(session.secret);
    const ticket = await receiveLastFlight(peer, hello);
    await state.sendFlight('client', finishing);
    rules.finish();
    const { peerCertificates } = session;
    return { peerCertificates, session: sessionOf(peer, hello, { ticket: ticket ?? kept(session), handshake, peerCertificates }) };
  }
  const { certificates: peerCertificates, publicKey } = await receiveServerFlight(peer);
  await state.sendFlight('client', clientFlight(peer, publicKey));
  const ticket = await receiveLastFlight(peer, hello);
  rules.finish();
  return { peerCertificates, session: sessionOf(peer, hello, { ticket, handshake, peerCertificates }) };
}

function clientHello({ state, rules, options }: Peer12<ClientOptions>, { servername, session }: ClientHandshake): Buffer {
  return encodeClientHello({
    random: randomBytes(32),
    sessionId: session ? offeredId(session) : Buffer.alloc(0),
    cipherSuites: offeredSuites(options),
    groups: groupsOf(options),
    signatureSchemes: schemesOf(state).map((scheme) => signatureSchemes[scheme]),
    servername,
    alpnProtocols: options.alpnProtocols ?? [],
    ticket: session?.ticket ?? Buffer.alloc(0),
    extendedMasterSecret: options.extendedMasterSecret !== false,
    renegotiationInfo: rules.completed?.client ?? Buffer.alloc(0),
  });
}

/** A client that offers a ticket finds by an id of its own whether it was taken (RFC 5077 3.4). */
function offeredId({ ticket, sessionId }: EngineSession): Buffer {
  return ticket.length > 0 ? randomBytes(32) : (sessionId ?? Buffer.alloc(0));
}

/** NewSessionTicket where the ServerHello announced one, change_cipher_spec and Finished. */
async function receiveLastFlight(peer: Peer12, { issuesTicket }: AcceptedServerHello): Promise<NewSessionTicket | undefined> {
  const { state, rules } = peer;
  let ticket: NewSessionTicket | undefined;
  if (issuesTicket) {
    const message = await state.expect('new_session_ticket');
    ticket = readNewSessionTicket(message.body) ?? state.channel.fail('NewSessionTicket is malformed', 'decode_error');
    state.accept(message);
  }
  rules.changeRead(await state.expect('change_cipher_spec'));
  await receiveFinished(peer);
  return ticket;
}

function sessionOf(
  { state, rules }: Peer12,
  { sessionId }: AcceptedServerHello,
  {
    ticket = noTicket,
    handshake,
    peerCertificates,
  }: {
    readonly ticket?: NewSessionTicket | undefined;
    readonly handshake: ClientHandshake;
    readonly peerCertificates: readonly Uint8Array[];
  },
): EngineSession | undefined {
  const { cipherSuite, alpnProtocol, extendedMasterSecret = false } = state.agreed;
  if (cipherSuite === undefined || (ticket.ticket.length === 0 && sessionId.length === 0)) return undefined;
  return {
    version: 'TLSv1.2',
    cipherSuite,
    secret: rules.masterSecret(),
    ticket: Buffer.from(ticket.ticket),
    sessionId: Buffer.from(sessionId),
    lifetimeSeconds: ticket.lifetimeSeconds,
    receivedAt: realNow(),
    extendedMasterSecret,
    peerCertificates,
    ...(handshake.servername !== undefined && { servername: handshake.servername }),
    ...(alpnProtocol !== undefined && { alpnProtocol }),
  };
}

/** A ticket stays good where no new one comes. */
function kept({ ticket, lifetimeSeconds }: EngineSession): NewSessionTicket {
  return { ticket, lifetimeSeconds };
}

const noTicket: NewSessionTicket = { ticket: new Uint8Array(0), lifetimeSeconds: 0 };
