import { expect, test } from 'vitest';
import { completeBinders } from '../../../../../src/wire/engine/tls13/keys/binders.ts';
import { finishedMac, KeySchedule, preSharedKeyOf } from '../../../../../src/wire/engine/tls13/keys/key-schedule.ts';
import { signedContentOf } from '../../../../../src/wire/engine/tls13/messages/certificate-verify.ts';
import { isSignature, publicKeyOf } from '../../../../../src/wire/engine/crypto/signatures.ts';
import { Transcript } from '../../../../../src/wire/engine/transcript.ts';
import { recordKeys } from '../../../../../src/wire/records/protected-record.ts';
import { keys, messages, secrets } from './rfc8448.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const hash = 'sha256';
const transcriptUpTo = (last: keyof typeof messages): Buffer => {
  const names = Object.keys(messages) as (keyof typeof messages)[]; // in the order of the handshake
  return new Transcript(names.slice(0, names.indexOf(last) + 1).map((name) => hex(messages[name]))).hash(hash);
};

test('the key schedule makes the secrets of RFC 8448 section 3', () => {
  const schedule = new KeySchedule(hash);
  schedule.addSharedSecret(hex(secrets.shared));
  const handshake = ['c hs traffic', 's hs traffic'].map((label) => schedule.derive(label, transcriptUpTo('serverHello')));
  schedule.finish();
  const master = ['c ap traffic', 's ap traffic', 'exp master'].map((label) => schedule.derive(label, transcriptUpTo('serverFinished')));
  const resumption = schedule.derive('res master', transcriptUpTo('clientFinished'));

  expect([...handshake, ...master, resumption].map((secret) => secret.toString('hex'))).toEqual([
    secrets['c hs traffic'],
    secrets['s hs traffic'],
    secrets['c ap traffic'],
    secrets['s ap traffic'],
    secrets['exp master'],
    secrets['res master'],
  ]);
});

test.for(Object.entries(keys))('the traffic secret "%s" gives the keys of RFC 8448', ([label, expected]) => {
  const { key, iv } = recordKeys('TLS_AES_128_GCM_SHA256', hex(secrets[label as keyof typeof keys])); // a key of that object

  expect({ key: key.toString('hex'), iv: iv.toString('hex') }).toEqual(expected);
});

test.for([
  ['server', 's hs traffic', 'certificateVerify', messages.serverFinished],
  ['client', 'c hs traffic', 'serverFinished', messages.clientFinished],
] as const)('the Finished of the %s is that of RFC 8448', ([, label, before, message]) => {
  expect(finishedMac(hash, hex(secrets[label]), transcriptUpTo(before)).toString('hex')).toBe(message.slice(8));
});

test('the signature of RFC 8448 verifies over its transcript, and over no other', () => {
  const key = publicKeyOf(hex(messages.certificate).subarray(11, 11 + 432));
  if (!key) throw new TypeError('the certificate has no key');
  const signature = hex(messages.certificateVerify).subarray(8);
  const verifies = (last: keyof typeof messages): boolean =>
    isSignature(signature, { scheme: 'rsa_pss_rsae_sha256', key, content: signedContentOf('server', transcriptUpTo(last)) });

  expect(verifies('certificate')).toBe(true);
  expect(verifies('encryptedExtensions')).toBe(false);
});

test('a ticket gives the pre-shared key and the binder of RFC 8448 section 4', () => {
  const key = preSharedKeyOf(hash, hex(secrets['res master']), hex('0000'));
  const room = Buffer.concat([hex('002120'), Buffer.alloc(32)]);
  const hello = completeBinders(Buffer.concat([hex(messages.resumedHelloUpToBinders), room]), new Transcript(), { hash, key });

  expect(key.toString('hex')).toBe(secrets.preSharedKey);
  expect(hello.subarray(-32).toString('hex')).toBe(secrets.binder);
});

test('a binder that an edit has written stays', () => {
  const binder = Buffer.alloc(32, 1);
  const hello = Buffer.concat([hex(messages.resumedHelloUpToBinders), hex('002120'), binder]);

  expect(completeBinders(hello, new Transcript(), { hash, key: hex(secrets.preSharedKey) })).toEqual(hello);
});
