import { expect, test } from 'vitest';
import { createPki } from '../../../src/pki/pki.ts';
import { issuedSerial } from '../../../src/pki/revocation/issued-serial.ts';

const pki = createPki();
const of = (target: Parameters<typeof issuedSerial>[0]) => issuedSerial(target, { authority: pki.issuer, option: 'target' });

test('is that of a certificate, or the number itself', () => {
  const client = pki.client('alice', { serialNumber: 'abcd' });

  expect([of(client), of(0xabcdn), of('ab:cd'), of(pki.issuer.issueAuthority({ serialNumber: 7 }))]).toEqual([
    0xabcdn,
    0xabcdn,
    0xabcdn,
    7n,
  ]);
});

test.for([
  ['another authority’s certificate', createPki({ name: pki.name }).client(), 'NOT_THE_ISSUER'],
  ['the authority above', pki.issuer, 'NOT_THE_ISSUER'],
  ['no number', 'x', 'SERIAL_NUMBER_INVALID'],
  ['zero', 0n, 'SERIAL_NUMBER_INVALID'],
  ['a negative number', -1n, 'SERIAL_NUMBER_INVALID'],
] as const)('%s is refused', ([, target, code]) => {
  expect(() => of(target)).toThrow(expect.objectContaining({ code }));
  expect(of(1n)).toBe(1n);
});

test.for(['null', '5', '{}', '{"certificate":"x"}'])('the value %s is refused', (json) => {
  const facts = expect.objectContaining({ option: 'target' });

  expect(() => of(JSON.parse(json))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', facts }));
  expect(of(1n)).toBe(1n);
});
