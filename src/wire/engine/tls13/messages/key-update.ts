import type { Incoming } from '../../channel/incoming.ts';
import type { FlightMessage } from '../../flight.ts';
import type { Tls13State } from '../tls13-state.ts';

/** A KeyUpdate, which may ask for one of the peer (RFC 8446 4.6.3). */
export function keyUpdate(request: boolean): FlightMessage {
  return { name: 'key_update', body: () => Uint8Array.of(request ? 1 : 0) };
}

/** The peer sends with other keys from now on; answers where it asks for that. */
export async function readKeyUpdate(state: Tls13State, { body }: Incoming): Promise<void> {
  const [request = 0] = body;
  state.channel.require('message-shape', body.length === 1, 'KeyUpdate is malformed', 'decode_error');
  state.channel.require('key-update-request', request <= 1, 'KeyUpdate asks for something unknown', 'illegal_parameter');
  state.rules.updateKeys(state.peer);
  if (request === 1) await state.sendFlight('post-handshake', [keyUpdate(false)]);
}
