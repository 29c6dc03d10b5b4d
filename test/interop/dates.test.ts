import { expect, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { askPeer, describeWith, outputOf } from './judges.ts';
import { temporaryFolder } from './temporary-folder.ts';

const pki = createPki();

/** UTCTime ends with 2049 and begins with 1950; GeneralizedTime has the rest (RFC 5280 4.1.2.5). */
const dates = [
  ['the last second of UTCTime', '2020-02-29T23:59:59Z', 'UTCTIME', '2049-12-31T23:59:59Z', 'UTCTIME'],
  ['the first second of GeneralizedTime', '2050-01-01T00:00:00Z', 'GENERALIZEDTIME', '2050-01-01T00:00:01Z', 'GENERALIZEDTIME'],
  ['no well-defined end', '1950-01-01T00:00:00Z', 'UTCTIME', '9999-12-31T23:59:59Z', 'GENERALIZEDTIME'],
  ['a start before UTCTime', '1949-12-31T23:59:59Z', 'GENERALIZEDTIME', '1950-01-01T00:00:00Z', 'UTCTIME'],
] as const;

describeWith('openssl')('openssl reads the dates and their types', () => {
  test.for(dates)('of %s: %s (%s) to %s (%s)', async ([, notBefore, typeBefore, notAfter, typeAfter]) => {
    using folder = temporaryFolder();
    const file = folder.write('leaf.pem', certificateOf(notBefore, notAfter));

    const text = await outputOf('openssl', ['x509', '-in', file, '-noout', '-dates', '-dateopt', 'iso_8601']);
    const types = await outputOf('openssl', ['asn1parse', '-in', file]);

    expect(text).toBe(`notBefore=${notBefore.replace('T', ' ')}\nnotAfter=${notAfter.replace('T', ' ')}\n`);
    expect(types.match(/UTCTIME|GENERALIZEDTIME/gu)).toEqual([typeBefore, typeAfter]);
  });
});

describeWith('java')('Java reads the dates', () => {
  test('of all of them', async () => {
    using folder = temporaryFolder();
    const questions = dates.map(([, notBefore, , notAfter], index) => [
      'certificate',
      folder.write(`${index}.pem`, certificateOf(notBefore, notAfter)),
    ]);

    const lines = await askPeer('java-read', questions, folder.path);

    expect(lines.filter(([kind]) => kind === 'validity')).toEqual(
      dates.map(([, notBefore, , notAfter]) => ['validity', notBefore, notAfter]),
    );
  });
});

function certificateOf(notBefore: string, notAfter: string): string {
  return pki.client('dated', { notBefore: new Date(notBefore), notAfter: new Date(notAfter) }).certificatePem;
}
