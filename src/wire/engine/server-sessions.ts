import { randomBytes } from 'node:crypto';
import { realNow } from '../../clock/real-clock.ts';
import type { EngineVersion } from './engine-version.ts';

/** What a server keeps of a connection that may be resumed. */
export interface ServerSession {
  readonly version: EngineVersion;
  readonly cipherSuite: string;
  /** TLS 1.3: the pre-shared key; TLS 1.2: the master secret. */
  readonly secret: Buffer;
  readonly lifetimeSeconds: number;
  readonly servername?: string;
  readonly alpnProtocol?: string;
  readonly extendedMasterSecret?: boolean;
  /** Of the client that was authenticated, the leaf first. */
  readonly clientCertificates: readonly Uint8Array[];
}

/** A session with the time at which its ticket was issued. */
export interface IssuedSession extends ServerSession {
  readonly issuedAt: number;
}

/** Issues a ticket for a session, which all servers of this process take; the oldest of many are forgotten. */
export function issueTicket(session: ServerSession): Buffer {
  const ticket = randomBytes(32);
  keepSession(ticket, session);
  return ticket;
}

/** Keeps a session under an id that the client has been given already: of TLS 1.2, for clients that take no tickets (RFC 5246 F.1.4). */
export function keepSession(id: Uint8Array, session: ServerSession): void {
  sessions.set(Buffer.from(id).toString('hex'), { ...session, issuedAt: realNow() });
  if (sessions.size > mostSessions) sessions.delete(sessions.keys().next().value ?? '');
}

/** The session of a ticket, or of a session id. */
export function sessionOf(ticket: Uint8Array): IssuedSession | undefined {
  return sessions.get(Buffer.from(ticket).toString('hex'));
}

/** Whether its lifetime is not over. */
export function isAlive({ issuedAt, lifetimeSeconds }: IssuedSession): boolean {
  return realNow() - issuedAt <= lifetimeSeconds * 1000;
}

const sessions = new Map<string, IssuedSession>();
const mostSessions = 1000;
