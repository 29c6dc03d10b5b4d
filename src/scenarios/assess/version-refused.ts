import { handshakeFailure } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';

/**
 * Whether a handshake that was limited to one version of TLS was refused for that version: the alert or the observed reason names it (RFC 8446 6.2), and nothing but hellos
 * came before.
 */
export function refusesVersion(handshake: Handshake): boolean {
  return namesVersion(handshake) && handshake.messages.every(({ type }) => beforeAnyCredential.has(type));
}

/** The same by the error of a client library that was limited to one version. */
export function errorRefusesVersion(error: unknown): boolean {
  const { alert, reason } = handshakeFailure(error) ?? {};
  return alert === 'protocol_version' || reason === 'UNSUPPORTED_PROTOCOL';
}

/** The same, or this library's own client says it: a server that answers with another version than was offered lets the client say so, whatever the server sent before. */
export function isVersionRefused(handshake: Handshake): boolean {
  return refusesVersion(handshake) || (handshake.rejectedBy === 'client' && namesVersion(handshake));
}

/** `handshake_failure` in place of a ServerHello. */
export function refusesHello({ verdict, alert, messages }: Handshake): boolean {
  const isBeforeHello = messages.every(({ type }) => type !== 'server_hello' && beforeAnyCredential.has(type));
  return verdict === 'rejected' && alert?.sentBy === 'server' && alert.name === 'handshake_failure' && isBeforeHello;
}

function namesVersion({ verdict, reason, alert }: Handshake): boolean {
  return verdict === 'rejected' && (reason === 'UNSUPPORTED_PROTOCOL' || alert?.name === 'protocol_version');
}

const beforeAnyCredential: ReadonlySet<string> = new Set(['client_hello', 'server_hello', 'alert', 'end_of_stream']);
