import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { integer, octetString, sequence } from '../../../src/asn1/der-writer.ts';
import { encodeName } from '../../../src/x509/names/distinguished-name.ts';
import {
  encodeOcspError,
  encodeOcspResponse,
  type OcspAnswer,
  type OcspCertificateStatus,
  type OcspResponsePlan,
  ocspResponseStatuses,
  ocspResponseStatusOf,
} from '../../../src/x509/revocation/ocsp-response.ts';
import { signerFor } from '../../../src/x509/signature.ts';
import { ocspStatusNumber, readOcspParts } from '../ocsp-parts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const certificateId = sequence(integer(5));
const thisUpdate = new Date('2026-05-04T03:02:01Z');
const nextUpdate = new Date('2051-05-04T03:02:01Z');
const answer: OcspAnswer = { status: 'good', certificateId, thisUpdate, nextUpdate };
const plan: OcspResponsePlan = {
  responderId: { keyHash: Buffer.alloc(20, 7) },
  producedAt: new Date('2026-05-04T04:00:00Z'),
  answers: [answer],
  extensions: [],
  certificates: [],
};
const encode = (changes: Partial<OcspResponsePlan> = {}) => encodeOcspResponse({ ...plan, ...changes }, signerFor(privateKey));
const answerWith = (status: OcspCertificateStatus) => readOcspParts(encode({ answers: [{ ...answer, ...status }] })).answers[0];

describe('a response', () => {
  test('says when it was made and for how long it counts, in GeneralizedTime', () => {
    const { producedAt, answers } = readOcspParts(encode());

    expect(ocspStatusNumber(encode())).toBe(0);
    expect(producedAt).toEqual(plan.producedAt);
    expect(answers).toMatchObject([{ tag: 0x80, thisUpdate, nextUpdate }]);
    expect(Buffer.from(answers[0]?.id ?? [])).toEqual(certificateId);
  });

  test('is verified by the key that signed it', () => {
    const { signed, signature } = readOcspParts(encode());

    expect(verify('sha256', signed, publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.concat([signed, Uint8Array.of(0)]), publicKey, signature)).toBe(false);
  });

  test('names its responder by key or by name', () => {
    const name = encodeName('responder');

    const [byKey, byName] = [readOcspParts(encode()), readOcspParts(encode({ responderId: { name } }))];

    expect(byKey.responderId.expect(0xa2, 'byKey').inner().expect(0x04, 'the hash').content).toEqual(Buffer.alloc(20, 7));
    expect(Buffer.from(byName.responderId.expect(0xa1, 'byName').inner().bytes)).toEqual(name);
  });

  test('leaves out what is absent', () => {
    const { extensions, certificates, answers } = readOcspParts(encode({ answers: [{ ...answer, nextUpdate: undefined }] }));

    expect([extensions.size, certificates, answers[0]?.nextUpdate]).toEqual([0, [], undefined]);
  });

  test('has extensions, certificates and several answers', () => {
    const extensions = [{ oid: '1.2.3', value: octetString(Uint8Array.of(9)) }];
    const answers: OcspAnswer[] = [answer, { ...answer, status: 'unknown' }];

    const read = readOcspParts(encode({ extensions, certificates: [sequence(), sequence(integer(1))], answers }));

    expect(Buffer.from(read.extensions.get('1.2.3') ?? [])).toEqual(octetString(Uint8Array.of(9)));
    expect(read.certificates).toHaveLength(2);
    expect(read.answers.map(({ tag }) => tag)).toEqual([0x80, 0x82]);
  });
});

test.for([
  ['good', { status: 'good' }, { tag: 0x80, date: undefined, reason: undefined }],
  ['unknown', { status: 'unknown' }, { tag: 0x82, date: undefined, reason: undefined }],
  ['revoked', { status: 'revoked', date: nextUpdate, reason: 'keyCompromise' }, { tag: 0xa1, date: nextUpdate, reason: 1 }],
  ['revoked for no particular reason', { status: 'revoked', date: thisUpdate, reason: 'unspecified' }, { tag: 0xa1, reason: undefined }],
] as const)('a certificate that is %s has that status', ([, status, expected]) => {
  expect(answerWith(status)).toMatchObject(expected);
});

test.for([
  ['malformedRequest', 1],
  ['internalError', 2],
  ['tryLater', 3],
  ['sigRequired', 5],
  ['unauthorized', 6],
] as const)('%s is the number %d and nothing more', ([status, number]) => {
  const der = encodeOcspError(status);

  expect(Buffer.from(der)).toEqual(Buffer.from([0x30, 3, 0x0a, 1, number]));
  expect(ocspResponseStatusOf(number)).toBe(status);
  expect(ocspResponseStatuses()).toContain(status);
});

test.for([4, 7, 255])('%d is the number of no status', (number) => {
  expect(ocspResponseStatusOf(number)).toBeUndefined();
  expect(ocspResponseStatusOf(0)).toBe('successful');
});
