import { hashOfSuite } from '../../records/protected-record.ts';
import { isAlive, type IssuedSession, sessionOf } from '../server-sessions.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { ServerOptions } from '../peer-options.ts';
import { binderOf } from './keys/binders.ts';
import type { OfferedHello } from './messages/read-client-hello.ts';
import type { Tls13State } from './tls13-state.ts';

/** What a ServerHello says of the pre-shared key that it takes. */
export interface ResumedSession {
  /** Of the identity in the client's list. */
  readonly index: number;
  readonly session: IssuedSession;
}

/** Server: takes the first ticket that is one of its own and fits, once its binder is verified (RFC 8446 4.2.11). The ClientHello is not in the transcript yet. */
export function resume(
  state: Tls13State,
  options: ServerOptions,
  { hello, message }: { readonly hello: OfferedHello; readonly message: Incoming },
): ResumedSession | undefined {
  const { channel, rules } = state;
  const { preSharedKeys, pskModes } = hello;
  if (!preSharedKeys) return undefined;
  channel.require('psk-modes', pskModes.length > 0, 'pre_shared_key came without psk_key_exchange_modes', 'missing_extension');
  if (options.tickets !== true || !(pskModes.includes(pskDheKe) || state.skips('psk-modes'))) return undefined;
  for (const [index, ticket] of preSharedKeys.tickets.entries()) {
    const session = sessionOf(ticket);
    if (!session || !fits(state, options, { session, hello })) continue;
    const upTo = message.octets.subarray(0, message.octets.length - preSharedKeys.bindersLength);
    const binder = binderOf(upTo, state.transcript, { hash: rules.hash, key: session.secret });
    const isRight = binder.equals(preSharedKeys.binders[index] ?? Buffer.alloc(0));
    channel.require('psk-binder', isRight, 'the binder of a pre-shared key is wrong', 'decrypt_error');
    rules.preSharedKey = session.secret;
    state.agree({ resumed: true });
    return { index, session };
  }
  return undefined;
}

/** Whether a session may be resumed here: of the same kind, name, and a client that has proved who it is where that is required. */
function fits(
  state: Tls13State,
  options: ServerOptions,
  { session, hello }: { readonly session: IssuedSession; readonly hello: OfferedHello },
): boolean {
  const { requireCertificate = options.requestCertificate === true } = options;
  return (
    session.version === 'TLSv1.3' &&
    (hashOfSuite(session.cipherSuite) === state.rules.hash || state.skips('psk-cipher-suite')) &&
    (isAlive(session) || state.skips('ticket-age')) &&
    (session.servername === hello.servername || state.skips('ticket-name')) &&
    (session.clientCertificates.length > 0 || !requireCertificate || state.skips('ticket-client'))
  );
}

const pskDheKe = 1;
