import { alertOf, alertOnTheWire, type Alert } from '../../wire/records/alert-record.ts';
import type { Capture } from '../../wire/tap/capture.ts';
import { decodeHandshake } from '../../wire/decode/decode-handshake.ts';
import type { Tap } from '../../wire/tap/tap.ts';
import { recordsOf } from '../../wire/records/tls-record.ts';
import type { EndOutcome } from './end-report.ts';
import { describeError, opensslReason } from './client-errors/node-error.ts';

/**
 * What a server's `tlsClientError` means: the client's alert, the server's own refusal (with the alert it sent, read from the wire),
 * a time-out, the server's own code that ended the connection, or a client that went away.
 */
export function failedServerOutcome(error: unknown, tap: Tap, cipher: string | undefined): EndOutcome {
  if (tap.endedByProgram) return endedByProgram(tap.endedByProgram.error);
  const { secrets, chunks } = tap.capture;
  const records = recordsOf(chunks);
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

/** The server's own code ended the connection before there was a handshake: with the words of its error, where it gave one. */
export function endedByProgram(error: Error | undefined): EndOutcome {
  return { kind: 'rejected', reason: 'DESTROYED_BY_SERVER', ...(error && { detail: describeError(error).text }) };
}

/** What an error of a server's socket means once the handshake is complete: the client's alert, or a refusal by the server's engine, which sends one. */
export function failureAfterHandshake(error: unknown, capture: Capture): EndOutcome | undefined {
  const { code, alertNumber, text } = describeError(error);
  if (alertNumber !== undefined) return { kind: 'alerted', alert: alertOf(alertNumber, 'client') };
  const reason = opensslReason(code) ?? (code?.startsWith('ERR_TLS_') === true ? code : undefined);
  if (reason === undefined) return undefined;
  const alert = lastAlertOfServer(capture);
  return { kind: 'rejected', reason, detail: text, ...(alert && { alert }) };
}

function lastAlertOfServer({ chunks, secrets }: Capture): Alert | undefined {
  const sent = decodeHandshake(recordsOf(chunks), { keyLog: secrets.keyLog }).findLast(
    ({ type, sentBy }) => sentBy === 'server' && type === 'alert',
  );
  return sent?.type === 'alert' ? alertOf(sent.code, 'server') : undefined;
}
