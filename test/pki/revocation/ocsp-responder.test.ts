import { verify } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { octetString } from '../../../src/asn1/der-writer.ts';
import type { Authority } from '../../../src/pki/authority.ts';
import type { OcspOptions } from '../../../src/pki/revocation/ocsp-responder.ts';
import { createPki } from '../../../src/pki/pki.ts';
import { restorePki } from '../../../src/pki/formats/restore-pki.ts';
import { certificateFields } from '../../../src/x509/certificate-fields.ts';
import { encodeCertificateId } from '../../../src/x509/revocation/certificate-id.ts';
import { keyIdentifier } from '../../../src/x509/extensions.ts';
import { ocspRequest, ocspStatusNumber, readOcspParts } from '../../x509/ocsp-parts.ts';

const hour = 3_600_000;
const day = 24 * hour;
const tag = { good: 0x80, revoked: 0xa1, unknown: 0x82 } as const;
const pki = createPki({ name: 'ocsp' });
const answerOf = (der: Uint8Array) => {
  const [answer, ...more] = readOcspParts(der).answers;
  if (!answer || more.length > 0) throw new Error('not exactly one answer');
  return answer;
};
const idOf = (authority: Authority, serialNumber: bigint, hash: 'sha1' | 'sha256' = 'sha1') =>
  encodeCertificateId(certificateFields(authority.certificate.raw), { serialNumber, hash });
const serialOf = ({ certificate }: { readonly certificate: { readonly serialNumber: string } }) => BigInt(`0x${certificate.serialNumber}`);

describe('the status of a certificate', () => {
  test('is what the authority has revoked, with date and reason', () => {
    const { issuer, ...rest } = createPki();
    const [kept, lost] = [issuer.issue(), issuer.issue()];
    const date = new Date('2026-01-02T03:04:05Z');

    issuer.revoke(lost, { reason: 'keyCompromise', date });

    expect(rest.root.revoked).toEqual([]);
    expect(answerOf(issuer.ocspResponse(kept))).toMatchObject({ tag: tag.good, date: undefined });
    expect(answerOf(issuer.ocspResponse(lost))).toMatchObject({ tag: tag.revoked, date, reason: 1 });
  });

  test('is asked by identity, subordinate authority or serial number', () => {
    const { root, issuer } = createPki();
    const leaf = issuer.issue({ serialNumber: '0a:bc' });
    expect(answerOf(root.ocspResponse(issuer)).tag).toBe(tag.good);

    root.revoke(issuer);
    issuer.revoke(leaf);

    expect(answerOf(root.ocspResponse(issuer)).tag).toBe(tag.revoked);
    expect(answerOf(issuer.ocspResponse(leaf)).tag).toBe(tag.revoked);
    expect(answerOf(issuer.ocspResponse('abc')).tag).toBe(tag.revoked);
    expect(answerOf(issuer.ocspResponse(0xabcn)).tag).toBe(tag.revoked);
    expect(answerOf(issuer.ocspResponse(0xabdn)).tag).toBe(tag.good);
  });

  test('is good again where the revocation was taken back', () => {
    const { issuer } = createPki();
    issuer.revoke(5n, 'certificateHold');
    expect(answerOf(issuer.ocspResponse(5n))).toMatchObject({ tag: tag.revoked, reason: 6 });

    issuer.revoke(5n, 'removeFromCRL');

    expect(answerOf(issuer.ocspResponse(5n)).tag).toBe(tag.good);
  });

  test('survives serialization', () => {
    const before = createPki();
    before.issuer.revoke(5n, 'superseded');

    const after = restorePki(JSON.parse(JSON.stringify(before.serialize())));

    expect(answerOf(after.issuer.ocspResponse(5n))).toMatchObject({ tag: tag.revoked, reason: 4 });
    expect(answerOf(after.issuer.ocspResponse(6n)).tag).toBe(tag.good);
  });

  test.for(['good', 'revoked', 'unknown'] as const)('is %s where the options say so, whatever was revoked', (status) => {
    const { issuer } = createPki();
    issuer.revoke(6n, { reason: 'cACompromise', date: new Date(0) });

    expect(answerOf(issuer.ocspResponse(5n, { status })).tag).toBe(tag[status]);
    expect(answerOf(issuer.ocspResponse(6n, { status })).tag).toBe(tag[status]);
    expect(answerOf(issuer.ocspResponse(6n)).date).toEqual(new Date(0));
  });

  test('has the date of the answer where nothing was revoked', () => {
    const thisUpdate = new Date('2026-01-02T03:04:05Z');

    expect(answerOf(pki.issuer.ocspResponse(5n, { status: 'revoked', thisUpdate }))).toMatchObject({ date: thisUpdate, reason: undefined });
  });
});

describe('a response', () => {
  test('is about another certificate of the same issuer where it is asked to be, and has its status', () => {
    const { issuer } = createPki();
    issuer.revoke(6n);

    const answered = issuer.answerOcsp(ocspRequest([idOf(issuer, 5n, 'sha256')]), { serialNumber: 6n });

    expect(answerOf(answered)).toMatchObject({ id: idOf(issuer, 6n, 'sha256'), tag: tag.revoked });
    expect(answerOf(issuer.ocspResponse(5n, { serialNumber: '06' }))).toMatchObject({ id: idOf(issuer, 6n), tag: tag.revoked });
    expect(answerOf(issuer.ocspResponse(5n))).toMatchObject({ id: idOf(issuer, 5n), tag: tag.good });
    expect(() => issuer.ocspResponse(5n, { serialNumber: 'no number' })).toThrow(
      expect.objectContaining({ code: 'SERIAL_NUMBER_INVALID' }),
    );
  });

  test('counts now: from an hour ago, for a day', () => {
    const der = pki.issuer.ocspResponse(5n);
    const { thisUpdate, nextUpdate } = answerOf(der);

    expect(thisUpdate.getTime() - Date.now()).toBeCloseTo(-hour, -5);
    expect((nextUpdate?.getTime() ?? 0) - thisUpdate.getTime()).toBe(day);
    expect(readOcspParts(der).producedAt.getTime() - Date.now()).toBeCloseTo(0, -5);
  });

  test('is stale where it is asked to be, and was made when it counted', () => {
    const nextUpdate = new Date('2020-01-02T00:00:00Z');
    const der = pki.issuer.ocspResponse(5n, { nextUpdate });

    expect(answerOf(der)).toMatchObject({ thisUpdate: new Date('2020-01-01T00:00:00Z'), nextUpdate });
    expect(readOcspParts(der).producedAt).toEqual(new Date('2020-01-01T00:00:00Z'));
  });

  test('counts in the real time, not in that of a test which fakes it', () => {
    vi.useFakeTimers({ now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    const der = pki.issuer.ocspResponse(5n);
    vi.useRealTimers();

    expect(readOcspParts(der).producedAt.getTime() - Date.now()).toBeCloseTo(0, -5);
  });

  test.for(['ec-p256', 'ed25519', 'rsa-2048'] as const)('is signed by the authority, with a key of %s', (keyAlgorithm) => {
    const { issuer, root } = createPki({ keyAlgorithm });
    const digest = keyAlgorithm === 'ed25519' ? null : 'sha256';

    const { signed, signature, certificates, responderId } = readOcspParts(issuer.ocspResponse(5n));

    expect(verify(digest, signed, issuer.certificate.publicKey, signature)).toBe(true);
    expect(verify(digest, signed, root.certificate.publicKey, signature)).toBe(false);
    expect(certificates).toEqual([]);
    expect(responderId.inner().content).toEqual(keyIdentifier(certificateFields(issuer.certificate.raw).spki));
  });

  test('of a root brings the root along, which no server sends', () => {
    const { root, issuer } = createPki({ intermediates: 0 });

    expect(issuer).toBe(root);
    expect(readOcspParts(root.ocspResponse(5n)).certificates.map((der) => Buffer.from(der))).toEqual([root.certificate.raw]);
  });

  test('names the responder by its subject where it is asked to', () => {
    const { responderId } = readOcspParts(pki.issuer.ocspResponse(5n, { responderId: 'name' }));

    expect(responderId.expect(0xa1, 'byName').inner().bytes).toEqual(certificateFields(pki.issuer.certificate.raw).subject);
  });

  test('names the certificate by SHA-1, or as it is asked to', () => {
    expect(Buffer.from(answerOf(pki.issuer.ocspResponse(5n)).id)).toEqual(Buffer.from(idOf(pki.issuer, 5n)));
    expect(Buffer.from(answerOf(pki.issuer.ocspResponse(5n, { hash: 'sha256' })).id)).toEqual(Buffer.from(idOf(pki.issuer, 5n, 'sha256')));
  });

  test('of a delegated responder is signed with its key and has its certificate', () => {
    const responder = pki.issuer.issue({ commonName: 'responder', extendedKeyUsage: ['ocspSigning'] });

    const { signed, signature, certificates, responderId } = readOcspParts(pki.issuer.ocspResponse(5n, { responder }));

    expect(verify('sha256', signed, responder.certificate.publicKey, signature)).toBe(true);
    expect(certificates.map((der) => Buffer.from(der))).toEqual([responder.certificate.raw]);
    expect(responderId.inner().content).toEqual(keyIdentifier(certificateFields(responder.certificate.raw).spki));
  });

  test('of another authority is signed with its key and has its certificate, but names the certificate asked about', () => {
    const untrusted = createPki().issuer;

    const der = pki.issuer.ocspResponse(5n, { signedBy: untrusted });
    const { signed, signature, certificates } = readOcspParts(der);

    expect(verify('sha256', signed, untrusted.certificate.publicKey, signature)).toBe(true);
    expect(certificates.map((certificate) => Buffer.from(certificate))).toEqual([untrusted.certificate.raw]);
    expect(Buffer.from(answerOf(der).id)).toEqual(Buffer.from(idOf(pki.issuer, 5n)));
  });

  test.for([
    ['malformedRequest', 1],
    ['internalError', 2],
    ['tryLater', 3],
    ['sigRequired', 5],
    ['unauthorized', 6],
  ] as const)('of the status %s has no answer', ([responseStatus, number]) => {
    expect(ocspStatusNumber(pki.issuer.ocspResponse(5n, { responseStatus }))).toBe(number);
    expect(ocspStatusNumber(pki.issuer.answerOcsp(ocspRequest([idOf(pki.issuer, 5n)]), { responseStatus }))).toBe(number);
    expect(ocspStatusNumber(pki.issuer.ocspResponse(5n, { responseStatus: 'successful' }))).toBe(0);
  });
});

describe('an answer to a request', () => {
  test('repeats its CertIDs and its nonce, octet for octet', () => {
    const ids = [idOf(pki.issuer, 5n), idOf(pki.issuer, 6n, 'sha256')];
    const nonce = Uint8Array.of(1, 2, 3);

    const { answers, extensions } = readOcspParts(pki.issuer.answerOcsp(ocspRequest(ids, { nonce })));

    expect(answers.map(({ id }) => Buffer.from(id))).toEqual(ids.map((id) => Buffer.from(id)));
    expect(extensions.get('1.3.6.1.5.5.7.48.1.2')).toEqual(octetString(nonce));
    expect(readOcspParts(pki.issuer.answerOcsp(ocspRequest(ids))).extensions.size).toBe(0);
  });

  test('tells the revoked certificates from the others, and knows nothing of another issuer’s', () => {
    const { root, issuer } = createPki();
    issuer.revoke(6n);
    root.revoke(7n);

    const { answers } = readOcspParts(issuer.answerOcsp(ocspRequest([idOf(issuer, 5n), idOf(issuer, 6n), idOf(root, 7n)])));

    expect(answers.map((answer) => answer.tag)).toEqual([tag.good, tag.revoked, tag.unknown]);
  });

  test('is "unauthorized" where the certificates are all of other issuers', () => {
    const impostor = createPki({ name: pki.name }).issuer;

    expect(ocspStatusNumber(pki.issuer.answerOcsp(ocspRequest([idOf(impostor, 5n)])))).toBe(6);
    expect(ocspStatusNumber(pki.issuer.answerOcsp(ocspRequest([idOf(pki.issuer, 5n)])))).toBe(0);
  });

  test.for([new Uint8Array(0), Buffer.from('hello'), ocspRequest([])])('is "malformedRequest" where it is not a request', (request) => {
    expect(ocspStatusNumber(pki.issuer.answerOcsp(request))).toBe(1);
  });

  test('takes the same options', () => {
    const request = ocspRequest([idOf(pki.issuer, 5n)]);
    const nextUpdate = new Date('2020-01-02T00:00:00Z');

    expect(answerOf(pki.issuer.answerOcsp(request, { status: 'revoked', nextUpdate }))).toMatchObject({ tag: tag.revoked, nextUpdate });
  });
});

test.for<readonly [string, object, object]>([
  ['an unknown option', { nextupdate: new Date() }, { option: 'OCSP option', value: 'nextupdate' }],
  ['no status', { status: 'Good' }, { option: 'status', value: 'Good' }],
  ['no response status', { responseStatus: 'try-later' }, { option: 'responseStatus', value: 'try-later' }],
  ['no hash', { hash: 'md5' }, { option: 'hash', value: 'md5' }],
  ['no responder id', { responderId: 'both' }, { option: 'responderId', value: 'both' }],
  ['no date', { nextUpdate: '2026-01-01' }, { option: 'nextUpdate', value: '2026-01-01' }],
  ['an invalid responder', { responder: 'me' }, { option: 'responder', value: 'string' }],
  ['an invalid authority', { signedBy: null }, { option: 'signedBy', value: 'null' }],
  ['two signers', { responder: pki.issuer.issue(), signedBy: pki.root }, { option: 'signedBy', value: 'ocsp root CA' }],
])('%s is refused', ([, options, facts]) => {
  const refusal = expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining(facts) });

  expect(() => pki.issuer.ocspResponse(5n, options as OcspOptions)).toThrow(refusal);
  expect(() => pki.issuer.answerOcsp(ocspRequest([idOf(pki.issuer, 5n)]), options as OcspOptions)).toThrow(refusal);
  expect(ocspStatusNumber(pki.issuer.ocspResponse(5n, {}))).toBe(0);
});

test('an end before its beginning is refused, even where nothing is answered', () => {
  const options: OcspOptions = { responseStatus: 'tryLater', thisUpdate: new Date(day), nextUpdate: new Date(0) };

  expect(() => pki.issuer.ocspResponse(5n, options)).toThrow(expect.objectContaining({ code: 'DATE_ORDER' }));
  expect(ocspStatusNumber(pki.issuer.ocspResponse(5n, { ...options, nextUpdate: new Date(2 * day) }))).toBe(3);
});

describe('what an authority is asked about', () => {
  test('may not be of another authority', () => {
    const untrusted = createPki({ name: 'ocsp' }).client('mallory');

    expect(() => pki.issuer.ocspResponse(untrusted)).toThrow(
      expect.objectContaining({
        code: 'NOT_THE_ISSUER',
        facts: { subject: 'mallory', issuer: 'ocsp issuing CA', authority: 'ocsp issuing CA' },
      }),
    );
    expect(answerOf(pki.issuer.ocspResponse(pki.client())).tag).toBe(tag.good);
  });

  test.for(['', 'xyz', '-5', '0'])('may not be the serial number "%s"', (serial) => {
    expect(() => pki.issuer.ocspResponse(serial)).toThrow(expect.objectContaining({ code: 'SERIAL_NUMBER_INVALID' }));
    expect(answerOf(pki.issuer.ocspResponse('5')).tag).toBe(tag.good);
  });

  test('may not be anything else', () => {
    const facts = expect.objectContaining({ option: 'ocspResponse target', value: 'object' });

    expect(() => pki.issuer.ocspResponse(JSON.parse('{}'))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', facts }));
    expect(() => pki.issuer.answerOcsp(JSON.parse('"5"'))).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ option: 'OCSP request', value: 'string' }) }),
    );
    expect(answerOf(pki.issuer.ocspResponse(serialOf(pki.client()))).tag).toBe(tag.good);
  });
});
