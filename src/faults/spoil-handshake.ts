import type { Side } from '../wire/tap/capture.ts';
import { HandshakeSpoiler, type SpoiltMessage } from '../wire/rewrite/handshake-spoiler.ts';
import { recordsOf } from '../wire/records/tls-record.ts';
import type { TrafficSecrets } from '../wire/records/traffic-secrets.ts';
import type { InterposedSocket } from './interposed-socket.ts';

/** Spoils one handshake message of the TLS engine behind a wire on its way to the peer; `onSpoilt` is called as it is sent. */
export function spoilHandshake(
  wire: InterposedSocket,
  options: { readonly sentBy: Side; readonly message: SpoiltMessage; readonly secrets: TrafficSecrets; readonly onSpoilt: () => void },
): void {
  const { onSpoilt, ...spoilt } = options;
  const spoiler = new HandshakeSpoiler({ ...spoilt, records: () => recordsOf(wire.capture.chunks) });
  wire.rewrite = (chunk) => {
    const sent = spoiler.rewrite(chunk);
    if (spoiler.hasSpoilt) {
      wire.rewrite = undefined;
      onSpoilt();
    }
    return sent;
  };
}
