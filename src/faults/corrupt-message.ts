import type { Side } from '../wire/tap/capture.ts';
import { type CorruptedMessage, MessageCorrupter } from '../wire/rewrite/message-corrupter.ts';
import { recordsOf } from '../wire/records/tls-record.ts';
import type { TrafficSecrets } from '../wire/records/traffic-secrets.ts';
import type { InterposedSocket } from './interposed-socket.ts';

/** Corrupts one handshake message of the TLS engine behind a wire on its way to the peer; `onCorrupted` is called as it is sent. */
export function corruptMessage(
  wire: InterposedSocket,
  options: {
    readonly sentBy: Side;
    readonly message: CorruptedMessage;
    readonly secrets: TrafficSecrets;
    readonly onCorrupted: () => void;
  },
): void {
  const { onCorrupted, ...message } = options;
  const corrupter = new MessageCorrupter({ ...message, records: () => recordsOf(wire.capture.chunks) });
  wire.rewrite = (chunk) => {
    const sent = corrupter.rewrite(chunk);
    if (corrupter.hasCorrupted) {
      wire.rewrite = undefined;
      onCorrupted();
    }
    return sent;
  };
}
