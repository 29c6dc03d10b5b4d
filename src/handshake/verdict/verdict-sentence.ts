import type { HandshakeFacts } from './handshake-facts.ts';
import { printable } from '../../errors/printable.ts';
import { cut } from './fitted-text.ts';

/** The verdict in one line: `rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)`. */
export function verdictSentence(handshake: HandshakeFacts): string {
  const { verdict, rejectedBy, reason, detail, alert } = handshake;
  if (verdict === 'accepted')
    return handshake.authorizationError === undefined
      ? 'accepted'
      : `accepted, although verification failed with ${handshake.authorizationError}`;
  const by = rejectedBy === undefined ? 'rejected' : `rejected by the ${rejectedBy}`;
  const why = (reason && cut(printable(reason), longestReason)) ?? (alert ? 'reason not observed' : 'without a reason');
  const first = reason === undefined && detail !== undefined ? `; ${cut(printable(detail), longestDetail)}` : '';
  return `${by}: ${why} (${alert ? `alert ${alert.name}, ${alert.code}, sent by the ${alert.sentBy}` : 'no alert'}${first})`;
}

const longestReason = 80;
const longestDetail = 160;
