import { alertName, type AlertName } from './alerts.ts';
import type { Side } from '../tap/capture.ts';
import { isTls13Suite, openRecord, sealRecord } from './protected-record.ts';
import { contentType } from '../registry/content-types.ts';
import type { TlsRecord } from './tls-record.ts';
import type { TrafficSecrets } from './traffic-secrets.ts';

/** A fatal alert and who sent it. */
export interface Alert {
  /** The registered name, e.g. `certificate_expired`; `alert_<number>` where the registry has none. */
  readonly name: AlertName | `alert_${number}`;
  /** The number on the wire, e.g. 45. */
  readonly code: number;
  readonly sentBy: Side;
}

/** An alert as this library reports it. */
export function alertOf(code: number, sentBy: Side): Alert {
  return { name: alertName(code), code, sentBy };
}

/**
 * The record by which a server rejects a client after its last flight, before any of the server's own: in the clear in TLS 1.2
 * (RFC 5246 7.2), sealed with the application traffic secret at sequence number 0 in TLS 1.3 (RFC 8446 5.2). Undefined where the
 * secrets are not known.
 */
export function serverAlertRecord(
  code: number,
  connection: { protocol: string; cipher: string; secrets: TrafficSecrets },
): Buffer | undefined {
  const content = Uint8Array.of(fatal, code);
  if (connection.protocol !== 'TLSv1.3') return Buffer.from([contentType.alert, 3, 3, 0, 2, ...content]);
  const secret = connection.secrets.get('SERVER_TRAFFIC_SECRET_0');
  if (!secret || !isTls13Suite(connection.cipher)) return undefined;
  return sealRecord(content, contentType.alert, { cipher: connection.cipher, secret, sequence: 0 });
}

/** The cipher and secrets of a TLS 1.3 connection, to open its records with. */
interface ConnectionKeys {
  readonly cipher: string;
  readonly secrets: TrafficSecrets;
}

/** The fatal alert that was the last thing one side sent, read from the wire: in the clear, or opened with the connection's secrets. */
export function alertOnTheWire(records: readonly TlsRecord[], sentBy: Side, keys?: ConnectionKeys): Alert | undefined {
  const code = lastAlertCode(records, sentBy, keys);
  // TLS 1.3 says to ignore the level (RFC 8446 6); close_notify and user_canceled are the only ones that are not errors.
  return code === undefined || code === closeNotify || code === userCanceled ? undefined : alertOf(code, sentBy);
}

/** Whether the last thing one side sent was close_notify. What is encrypted under TLS 1.2 counts as one: a fatal alert is reported by Node. */
export function sentCloseNotify(records: readonly TlsRecord[], sentBy: Side, keys?: ConnectionKeys): boolean {
  const last = records.findLast((record) => record.sentBy === sentBy);
  return (last?.type === 'alert' && last.length > plainAlertLength) || lastAlertCode(records, sentBy, keys) === closeNotify;
}

function lastAlertCode(records: readonly TlsRecord[], sentBy: Side, keys: ConnectionKeys | undefined): number | undefined {
  const last = records.findLast((record) => record.sentBy === sentBy);
  if (last?.type === 'alert') return last.length === plainAlertLength ? last.fragment[1] : undefined;
  if (last?.type !== 'application_data' || last.length !== sealedAlertLength || !keys || !isTls13Suite(keys.cipher)) return undefined;

  for (const label of [`${sentBy.toUpperCase()}_TRAFFIC_SECRET_0`, `${sentBy.toUpperCase()}_HANDSHAKE_TRAFFIC_SECRET`]) {
    const secret = keys.secrets.get(label);
    if (!secret) continue;
    // The alert is the first record under the application secret, or follows a handful of handshake records.
    for (let sequence = 0; sequence < 8; sequence += 1) {
      const opened = openRecord(last.fragment, { cipher: keys.cipher, secret, sequence });
      if (opened) return opened.type === contentType.alert ? opened.content[1] : undefined;
    }
  }
  return undefined;
}

const fatal = 2;
const closeNotify = 0;
const userCanceled = 90;
const plainAlertLength = 2;
const sealedAlertLength = plainAlertLength + 1 + 16;
