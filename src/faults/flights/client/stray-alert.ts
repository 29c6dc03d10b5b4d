import type { TlsRecord } from '../../../wire/records/tls-record.ts';
import { openRecord } from '../../../wire/records/protected-record.ts';
import type { TrafficSecrets } from '../../../wire/records/traffic-secrets.ts';
import { contentType } from '../../../wire/registry/content-types.ts';

/**
 * The number of a fatal alert that a server of TLS 1.3 has protected with the keys of the handshake, though its Finished has ended them for what it sends (RFC 8446 7.1):
 * Erlang/OTP 25 does so, measured. Undefined where none of its records is one.
 */
export function strayAlert(
  records: readonly TlsRecord[],
  { cipherSuite, secrets }: { readonly cipherSuite: string | undefined; readonly secrets: TrafficSecrets },
): number | undefined {
  const secret = secrets.get('SERVER_HANDSHAKE_TRAFFIC_SECRET');
  if (!secret || cipherSuite === undefined) return undefined;
  for (const { fragment } of records.filter(({ sentBy, type }) => sentBy === 'server' && type === 'application_data').slice(-mostRecords))
    for (let sequence = 0; sequence < mostRecords; sequence += 1) {
      const opened = openRecord(fragment, { cipher: cipherSuite, secret, sequence });
      if (opened?.type === contentType.alert && opened.content.length === 2 && opened.content[0] === fatal) return opened.content[1];
    }
  return undefined;
}

/** Records of a server's flight, with what follows it. */
const mostRecords = 16;
const fatal = 2;
