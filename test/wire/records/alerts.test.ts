import { expect, test } from 'vitest';
import { alertCode, alertName } from '../../../src/wire/records/alerts.ts';

test.for([
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [45, 'certificate_expired'],
  [48, 'unknown_ca'],
  [116, 'certificate_required'],
] as const)('alert %i is %s, both ways', ([code, name]) => {
  expect(alertName(code)).toBe(name);
  expect(alertCode(name)).toBe(code);
});

test('a number without a registered name keeps its number', () => {
  expect(alertName(200)).toBe('alert_200');
  expect(alertCode('alert_200')).toBeUndefined();
});
