import type { Incoming } from '../../channel/incoming.ts';
import type { Tls13State } from '../tls13-state.ts';

/** Verifies the peer's Finished over the transcript before it (RFC 8446 4.4.4). */
export function verifyFinished({ channel, rules, peer }: Tls13State, { body }: Incoming): void {
  const expected = rules.verifyDataOf(peer);
  channel.require('message-shape', body.length === expected.length, 'Finished has another length than its hash', 'decode_error');
  channel.require('finished-mac', body.equals(expected), 'the MAC of Finished is wrong', 'decrypt_error');
}
