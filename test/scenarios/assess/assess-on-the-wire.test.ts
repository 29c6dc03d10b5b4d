import { expect, test } from 'vitest';
import { assessOnTheWire } from '../../../src/scenarios/assess/assess-on-the-wire.ts';
import type { AlertName } from '../../../src/wire/records/alerts.ts';

const expected = { verdict: 'rejected', by: 'server', alert: 'decode_error' } as const;
const aboutTheProof = { ...expected, alert: 'decrypt_error' } as const;

function refusal(name: AlertName, reason?: string): Parameters<typeof assessOnTheWire>[0] {
  return { rejectedBy: 'server', ...(reason !== undefined && { reason }), alert: { name, code: 0, sentBy: 'server' } };
}

test.for([
  ['decode_error', undefined],
  ['bad_certificate', undefined],
  ['decrypt_error', 'not-judged'], // OpenSSL, GnuTLS, Go, NSS, rustls: of a signature that is not right (fixtures/measured/server-flights.json)
  ['handshake_failure', 'not-judged'], // Java: of such a signature, and of an entry that it cannot read
] as const)('a refusal by %s of what was put on the wire comes to %s', ([alert, status]) => {
  expect(assessOnTheWire(refusal(alert), expected, 'client')?.status).toBe(status);
  expect(assessOnTheWire(refusal(alert), aboutTheProof, 'client')?.status, 'where the proof is the fault').toBeUndefined();
});

test('a refusal whose reason was observed is assessed by that', () => {
  expect(assessOnTheWire(refusal('handshake_failure', 'NO_SHARED_CIPHER'), expected, 'client')).toBeUndefined();
});

test('handshake_failure leaves open what was refused, and is not held against the server', () => {
  expect(assessOnTheWire(refusal('handshake_failure'), expected, 'client')).toMatchObject({
    unsuitable: true,
    message: expect.stringContaining('does not say whether'),
  });
});
