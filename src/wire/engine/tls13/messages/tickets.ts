import { randomBytes } from 'node:crypto';
import { realNow } from '../../../../clock/real-clock.ts';
import { ByteCursor } from '../../../byte-cursor.ts';
import type { Incoming } from '../../channel/incoming.ts';
import type { EngineSession } from '../../engine-session.ts';
import type { FlightMessage } from '../../flight.ts';
import type { ClientOptions } from '../../peer-options.ts';
import { issueTicket } from '../../server-sessions.ts';
import { encodeUint, encodeVector } from '../../../tls-encoding.ts';
import { readExtensions, requireWhole } from './extensions.ts';
import { preSharedKeyOf } from '../keys/key-schedule.ts';
import type { OfferedHello } from './read-client-hello.ts';
import type { Tls13State } from '../tls13-state.ts';

/** Client: the session that a NewSessionTicket stands for (RFC 8446 4.6.1). */
export function readTicket(
  state: Tls13State,
  { body }: Incoming,
  { servername, peerCertificates }: ClientOptions & { readonly peerCertificates: readonly Uint8Array[] },
): EngineSession {
  const { rules, agreed } = state;
  const cursor = new ByteCursor(body);
  const lifetimeSeconds = cursor.uint(4);
  const ageAdd = cursor.uint(4);
  const nonce = cursor.take(cursor.uint(1));
  const ticket = Buffer.from(cursor.take(cursor.uint(2)));
  readExtensions(state, cursor, { what: 'NewSessionTicket' });
  requireWhole(state, cursor, 'NewSessionTicket');
  state.channel.require('message-shape', ticket.length > 0, 'NewSessionTicket has no ticket', 'decode_error');
  return {
    version: 'TLSv1.3',
    cipherSuite: agreed.cipherSuite ?? '',
    secret: preSharedKeyOf(rules.hash, rules.resumptionMaster ?? Buffer.alloc(0), nonce),
    ticket,
    ageAdd,
    lifetimeSeconds,
    receivedAt: realNow(),
    ...(servername !== undefined && { servername }),
    ...(agreed.alpnProtocol !== undefined && { alpnProtocol: agreed.alpnProtocol }),
    peerCertificates,
  };
}

/** Server: a NewSessionTicket for this connection (RFC 8446 4.6.1). */
export function newSessionTicket(
  state: Tls13State,
  { servername }: OfferedHello,
  clientCertificates: readonly Uint8Array[],
): FlightMessage {
  const { rules, agreed } = state;
  const nonce = randomBytes(8);
  const body = (): Buffer => {
    const ticket = issueTicket({
      version: 'TLSv1.3',
      cipherSuite: agreed.cipherSuite ?? '',
      secret: preSharedKeyOf(rules.hash, rules.resumptionMaster ?? Buffer.alloc(0), nonce),
      lifetimeSeconds,
      ...(servername !== undefined && { servername }),
      ...(agreed.alpnProtocol !== undefined && { alpnProtocol: agreed.alpnProtocol }),
      clientCertificates,
    });
    return Buffer.concat([
      encodeUint(4, lifetimeSeconds),
      randomBytes(4),
      encodeVector(1, nonce),
      encodeVector(2, ticket),
      encodeVector(2),
    ]);
  };
  return { name: 'new_session_ticket', body };
}

const lifetimeSeconds = 7200;
