import type { DecodedMessage } from './decoded-message.ts';

/**
 * The messages of each handshake of a connection, in order: one, and one more for each renegotiation of TLS 1.2 (RFC 5246 7.4.1.2), which begins at its ClientHello. What
 * comes between two belongs to the first. The second ClientHello after a HelloRetryRequest begins none.
 */
export function handshakesOf(messages: readonly DecodedMessage[]): readonly (readonly DecodedMessage[])[] {
  const starts = [0];
  let isAnswered = false;
  for (const [at, { type }] of messages.entries()) {
    if (type === 'server_hello') isAnswered = true;
    if (type !== 'client_hello' || !isAnswered) continue;
    starts.push(at);
    isAnswered = false;
  }
  return starts.map((start, index) => messages.slice(start, starts[index + 1]));
}

/** The last handshake that the server answered: a ClientHello that it did not is no more than the end of the one before. */
export function lastHandshakeOf(messages: readonly DecodedMessage[]): readonly DecodedMessage[] {
  const handshakes = handshakesOf(messages);
  return handshakes.findLast((handshake) => handshake.some(({ type }) => type === 'server_hello')) ?? messages;
}
