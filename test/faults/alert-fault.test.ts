import { describe, expect, test } from 'vitest';
import { startFaultServer } from '../../src/faults/server/start-fault-server.ts';
import { type AlertName, alertCode } from '../../src/wire/records/alerts.ts';
import { callWithNode } from './node-peers.ts';

const understood: readonly AlertName[] = [
  'unexpected_message',
  'bad_record_mac',
  'decryption_failed',
  'record_overflow',
  'decompression_failure',
  'handshake_failure',
  'no_certificate',
  'bad_certificate',
  'unsupported_certificate',
  'certificate_revoked',
  'certificate_expired',
  'certificate_unknown',
  'illegal_parameter',
  'unknown_ca',
  'access_denied',
  'decode_error',
  'decrypt_error',
  'export_restriction',
  'protocol_version',
  'insufficient_security',
  'internal_error',
  'inappropriate_fallback',
  'user_canceled',
  'no_renegotiation',
  'missing_extension',
  'unsupported_extension',
  'certificate_unobtainable',
  'unrecognized_name',
  'bad_certificate_status_response',
  'bad_certificate_hash_value',
  'unknown_psk_identity',
  'certificate_required',
  'no_application_protocol',
];

/** Alerts for which OpenSSL has no words, so that Node only sees the connection end. */
const unheard: readonly AlertName[] = ['too_many_cids_requested', 'general_error', 'ech_required'];

describe('a fatal alert at the ClientHello', () => {
  test.for(understood)('of %s reaches a client of node:tls by its number', async (alert) => {
    await using server = await startFaultServer({ kind: 'alert', alert });

    const { error, message } = await callWithNode(server);

    expect(error).toMatch(/^ERR_SSL_/u);
    expect(message).toContain(`SSL alert number ${alertCode(alert)}`);
    expect(server.faultsShown).toBe(1);
  });

  test.for([...unheard, 'close_notify'] as const)('of %s is a reset connection to a client of node:tls', async (alert) => {
    await using server = await startFaultServer({ kind: 'alert', alert });

    const { error } = await callWithNode(server);

    expect(error).toBe('ECONNRESET');
    expect(server.faultsShown).toBe(1);
  });
});

test.for(['user_canceled', 'unrecognized_name'] as const)(
  'a warning of %s at the ClientHello is passed over by a client of node:tls, which then sees the connection end',
  async (alert) => {
    await using server = await startFaultServer({ kind: 'alert', alert, level: 'warning' });

    const { error, hasEnded } = await callWithNode(server);

    expect(error).toBe('ECONNRESET');
    expect(hasEnded).toBe(true);
    expect(server.faultsShown).toBe(1);
  },
);
