import { expect, test } from 'vitest';
import { alertCode, alertName, alertSuggestion, isAlertName } from '../../../src/wire/records/alerts.ts';

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

test.for([
  ['unknown_ca', true],
  ['alert_200', true],
  ['alert_2000', false],
  ['unknown-ca', false],
  ['toString', false],
  [48, false],
] as const)('whether %j names an alert: %j', ([value, expected]) => {
  expect(isAlertName(value)).toBe(expected);
});

test.for([
  ['unknown-ca', '; did you mean "unknown_ca"?'],
  ['certificate_exipred', '; did you mean "certificate_expired"?'],
  ['refused', ''],
  [48, ''],
])('in place of %j is offered: %s', ([value, suggestion]) => {
  expect(alertSuggestion(value)).toBe(suggestion);
});
