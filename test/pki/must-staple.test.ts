import { expect, test } from 'vitest';
import { integer, sequence } from '../../src/asn1/der-writer.ts';
import { createPki } from '../../src/pki/pki.ts';
import { extensionsOf } from '../x509/read-parts.ts';

const pki = createPki();
const features = (options: { mustStaple?: boolean }) =>
  extensionsOf(pki.server(options).certificate.raw).filter(({ oid }) => oid === '1.3.6.1.5.5.7.1.24');

test('a certificate that must be stapled has the TLS Feature status_request, not critical', () => {
  const [feature, ...more] = features({ mustStaple: true });

  expect(feature?.critical).toBe(false);
  expect(feature?.value.bytes).toEqual(sequence(integer(5)));
  expect(more).toEqual([]);
});

test.for([{}, { mustStaple: false }])('with %o it has none', (options) => {
  expect(features(options)).toEqual([]);
});

test.for(['"yes"', '1', 'null'])('mustStaple %s is refused', (json) => {
  expect(() => features({ mustStaple: JSON.parse(json) })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option: 'mustStaple' }) }),
  );
});

test('an authority has no such option', () => {
  expect(() => pki.root.issueAuthority(JSON.parse('{"mustStaple":true}'))).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ option: 'authority option', value: 'mustStaple' }) }),
  );
});
