import type { Duplex } from 'node:stream';
import type { Side } from '../../tap/capture.ts';
import type { PeerOptions } from '../peer-options.ts';
import { PeerState } from '../peer-state.ts';
import { Tls13Rules } from './keys/tls13-rules.ts';

/** One side of a connection of TLS 1.3. */
export type Tls13State = PeerState<Tls13Rules>;

/** A new one, before its first message. */
export function tls13State(stream: Duplex, side: Side, options: PeerOptions): Tls13State {
  return new PeerState(stream, { side, options, rules: (state) => new Tls13Rules(state) });
}

/** What OpenSSL 3.5 offers of what the engine knows, in its order. */
export const tls13Defaults = {
  cipherSuites: ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  groups: ['x25519', 'secp256r1', 'x448', 'secp384r1', 'secp521r1'],
} as const;
