import { randomBytes } from 'node:crypto';
import type { ServerOptions } from '../peer-options.ts';
import { isAlive, type IssuedSession, issueTicket, keepSession, type ServerSession, sessionOf } from '../server-sessions.ts';
import { suitesOf } from './cipher-suites.ts';
import type { AcceptedOffer } from './client-offer-checks.ts';
import type { Peer12 } from './peer12.ts';

/** The session that a client offers, where this server resumes it (RFC 5246 7.4.1.2, RFC 5077 3.4): else the handshake is a full one. */
export function resumableSession(peer: Peer12<ServerOptions>, offer: AcceptedOffer): IssuedSession | undefined {
  const { state, options } = peer;
  const { ticket, sessionId } = offer;
  const session = options.tickets === true ? sessionOf(ticket && ticket.length > 0 ? ticket : sessionId) : undefined;
  if (!session) return undefined;
  const isAuthenticated = state.skips('ticket-client') || !requiresCertificate(options) || session.clientCertificates.length > 0;
  if (session.version !== 'TLSv1.2') return state.skips('ticket-version') && isAuthenticated ? session : undefined;
  const suite = suitesOf(options).find(({ name }) => name === session.cipherSuite);
  const isForSuite = suite !== undefined && offer.cipherSuites.includes(suite.number);
  // RFC 6066 3: a server resumes for the same name alone.
  const isForName = state.skips('ticket-name') || session.servername === offer.servername;
  const isFresh = state.skips('ticket-age') || isAlive(session);
  return isForSuite && isForName && isFresh && isAuthenticated && fitsSecret(peer, session, offer) ? session : undefined;
}

/** RFC 7627 5.3: a client that dropped the extension is refused, and one that has it now gets a full handshake. */
function fitsSecret({ state, options }: Peer12<ServerOptions>, session: ServerSession, { extended }: AcceptedOffer): boolean {
  const wasExtended = session.extendedMasterSecret === true;
  if (wasExtended === extended || state.skips('ticket-extended-master-secret')) return true;
  const isDropped = wasExtended && options.extendedMasterSecret !== false;
  state.channel.require('ticket-extended-master-secret', !isDropped, 'the session had an extended master secret', 'handshake_failure');
  return false;
}

/** Whether a client without a certificate is refused. */
export function requiresCertificate({ requestCertificate = false, requireCertificate = requestCertificate }: ServerOptions): boolean {
  return requestCertificate && requireCertificate;
}

/** A ticket of the handshake that is about to complete. */
export function ticketOf(peer: Peer12, offer: AcceptedOffer, clientCertificates: readonly Uint8Array[]): Buffer {
  return issueTicket(currentSession(peer, offer, clientCertificates));
}

/** An id for the session of a client that takes no tickets. */
export function newSessionId({ tickets }: ServerOptions, { ticket }: AcceptedOffer): Buffer {
  return tickets === true && ticket === undefined ? randomBytes(32) : Buffer.alloc(0);
}

/** Keeps the session of a completed handshake under its id, if it has one. */
export function keepById(peer: Peer12, id: Uint8Array, { offer, clientCertificates }: CompletedHandshake): void {
  if (id.length > 0) keepSession(id, currentSession(peer, offer, clientCertificates));
}

interface CompletedHandshake {
  readonly offer: AcceptedOffer;
  readonly clientCertificates: readonly Uint8Array[];
}

function currentSession({ rules }: Peer12, offer: AcceptedOffer, clientCertificates: readonly Uint8Array[]): ServerSession {
  const { suite, servername, extended, alpnProtocol } = offer;
  return {
    version: 'TLSv1.2',
    cipherSuite: suite.name,
    secret: rules.masterSecret(),
    lifetimeSeconds: sessionLifetimeSeconds,
    extendedMasterSecret: extended,
    clientCertificates,
    ...(servername !== undefined && { servername }),
    ...(alpnProtocol !== undefined && { alpnProtocol }),
  };
}

/** The lifetime hint of tickets: two hours, as OpenSSL's. */
export const sessionLifetimeSeconds = 7200;
