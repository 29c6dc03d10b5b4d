import { expect, test } from 'vitest';
import { element, integer, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { MtlsFixturesError } from '../../../src/errors/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { encodeOcspError } from '../../../src/x509/revocation/ocsp-response.ts';
import { readOcspResponse } from '../../../src/x509/revocation/read-ocsp-response.ts';

const { issuer } = createPki();
const good = issuer.ocspResponse(5n);

test.for(['good', 'revoked', 'unknown'] as const)('a response that says %s is read so, whichever responder it names', (status) => {
  const read = { responseStatus: 'successful', answers: [{ serialNumber: 5n, status }] };

  expect(readOcspResponse(issuer.ocspResponse(5n, { status }))).toEqual(read);
  expect(readOcspResponse(issuer.ocspResponse(5n, { status, responderId: 'name' }))).toEqual(read);
});

test.for(['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const)(
  '%s has no answers',
  (responseStatus) => {
    expect(readOcspResponse(encodeOcspError(responseStatus))).toEqual({ responseStatus, answers: [] });
  },
);

test.for([
  ['nothing', new Uint8Array(0)],
  ['no status', sequence()],
  ['a status that is not an ENUMERATED', sequence(integer(0))],
  ['a number that is not a status', sequence(element(0x0a, Uint8Array.of(4)))],
  ['success without an answer', sequence(element(0x0a, Uint8Array.of(0)))],
  [
    'success with another kind of answer',
    sequence(element(0x0a, Uint8Array.of(0)), element(0xa0, sequence(integer(1), octetString(integer(1))))),
  ],
] as const)('%s is refused', ([, der]) => {
  expect(() => readOcspResponse(der)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(readOcspResponse(good).answers).toHaveLength(1);
});

test('any octet changed: it is read or refused', () => {
  for (let at = 0; at < good.length; at += 1)
    for (const octet of [0x00, 0x1f, 0x30, 0x7f, 0x80, 0x82, 0x84, 0xff]) {
      try {
        expect(readOcspResponse(Buffer.from(good).fill(octet, at, at + 1)).answers.length).toBeLessThanOrEqual(1);
      } catch (error) {
        if (!(error instanceof MtlsFixturesError) || error.code !== 'DER_INVALID') throw error;
      }
    }
});
