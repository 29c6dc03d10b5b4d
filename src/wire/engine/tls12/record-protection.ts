import { openTls12Record, sealTls12Record } from '../../records/tls12-record.ts';
import type { Tls12Protection } from '../../records/tls12-protection.ts';
import { recordHeaderLength } from '../../records/record-splitter.ts';
import { protocolVersion } from '../../registry/protocol-versions.ts';
import { encodeUint, encodeVector } from '../../tls-encoding.ts';
import type { RecordProtection } from '../channel/record-protection.ts';

/** Protects the records of one direction after its change_cipher_spec (RFC 5246 6.2.3.3). */
export function tls12Records(protection: Tls12Protection): RecordProtection {
  let sequence = 0;
  return {
    largestFragment: 2 ** 14 + 2048, // RFC 5246 6.2.3
    seal(given, content, form) {
      const type = form?.type ?? given;
      const version = encodeUint(2, form?.version ?? protocolVersion['TLSv1.2']);
      const fragment = sealTls12Record(content, protection, { type, version, sequence });
      sequence += 1;
      return Buffer.concat([encodeUint(1, type), version, encodeVector(2, fragment)]);
    },
    open(record) {
      const type = record[0] ?? 0;
      const facts = { type, version: record.subarray(1, 3), sequence };
      const content = openTls12Record(record.subarray(recordHeaderLength), protection, facts);
      sequence += 1;
      return content ? { type, content } : { problem: 'a record does not open with the keys of the connection', alert: 'bad_record_mac' };
    },
  };
}
