import { alertOf, alertOnTheWire } from '../wire/alert-record.ts';
import type { Tap } from '../wire/tap.ts';
import { recordsOf } from '../wire/tls-record.ts';
import type { TrafficSecrets } from '../wire/traffic-secrets.ts';
import type { EndOutcome } from './end-report.ts';
import { describeError, opensslReason } from './node-error.ts';

/**
 * What a server's `tlsClientError` means: the client's alert, the server's own refusal (with the alert it sent, read from the wire),
 * a time-out, or a client that went away.
 */
export function failedServerOutcome(error: unknown, tap: Tap, cipher: string | undefined, secrets: TrafficSecrets): EndOutcome {
  const records = recordsOf(tap.capture.chunks);
  const { code, alertNumber, text } = describeError(error);
  const clientAlert = alertNumber === undefined ? alertOnTheWire(records, 'client') : alertOf(alertNumber, 'client');
  if (clientAlert) return { kind: 'alerted', alert: clientAlert };

  const reason = code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'HANDSHAKE_TIMEOUT' : opensslReason(code);
  if (reason !== undefined) {
    const alert = alertOnTheWire(records, 'server', cipher === undefined ? undefined : { cipher, secrets });
    return { kind: 'rejected', reason, ...(alert && { alert }) };
  }
  if (tap.peerLeft !== undefined) return { kind: 'left', how: tap.peerLeft === 'reset' ? 'reset' : 'closed' };
  // The client is still there: the server's own code destroyed the connection, e.g. an SNICallback that failed.
  return { kind: 'rejected', reason: 'DESTROYED_BY_SERVER', detail: text };
}
