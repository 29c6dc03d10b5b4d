import { expect, test } from 'vitest';
import { decodePem } from '../../../src/asn1/pem.ts';
import {
  attemptHandshake,
  createPki,
  type Identity,
  inspectCertificate,
  MtlsFixturesError,
  type PeerCertificate,
  startTlsServer,
} from '../../../src/index.ts';
import { objectionOf } from '../../../src/handshake/verdict/verify-peer.ts';

const pki = createPki({ name: 'peers' });
/** A subjectAltName of one DNS name with an indefinite length, which is BER and no DER: OpenSSL reads it. */
const oddNames = {
  oid: '2.5.29.17',
  value: Buffer.concat([Buffer.from('30808204', 'hex'), Buffer.from('a.de'), Buffer.from('0000', 'hex')]),
};
const odd = pki.client('odd', { extensions: [oddNames] });

test('a certificate with an extension that cannot be read is shown with what can be, and the extension is named', async () => {
  const shown: PeerCertificate[] = [];
  await using server = await startTlsServer({ identity: pki.server(), verifyPeer: (peer) => (shown.push(peer), true) });

  const handshakes = [await attemptHandshake(server, { identity: odd }), await attemptHandshake(server, { identity: pki.client('even') })];

  for (const handshake of handshakes) expect(handshake).toBeAccepted();
  const [unread, read] = handshakes.map(({ clientCertificate }) => clientCertificate);
  expect(unread).toMatchObject({
    commonName: 'odd',
    serialNumber: odd.certificate.serialNumber,
    fingerprint256: odd.certificate.fingerprint256,
    notAfter: new Date(odd.certificate.validTo),
    extendedKeyUsage: ['clientAuth'],
    altNames: { dns: [] },
    unreadable: ['subjectAltName'],
  });
  expect(unread?.chain).toHaveLength(1);
  expect(read).not.toHaveProperty('unreadable');
  expect(shown.map(({ commonName, unreadable }) => [commonName, unreadable])).toEqual([
    ['odd', ['subjectAltName']],
    ['even', undefined],
  ]);
});

test('a certificate that is inspected has to be read whole', () => {
  expect(() => inspectCertificate(odd.certificate.raw)).toThrow(expect.objectContaining({ code: 'DER_INVALID' }));
  expect(inspectCertificate(pki.client('even').certificate.raw).commonName).toBe('even');
});

test.for([
  ['2.5.29.15', '0480', ['keyUsage'], { keyUsage: false }],
  ['2.5.29.37', '30800000', ['extendedKeyUsage'], { extendedKeyUsage: false }],
] as const)('the extension %s is named where it cannot be read', ([oid, hex, unreadable, more]) => {
  const { certificate } = pki.client('odd', { ...more, extensions: [{ oid, value: Buffer.from(hex, 'hex') }] });

  objectionOf(
    (peer) => {
      expect([peer.commonName, peer.unreadable]).toEqual(['odd', unreadable]);
      return true;
    },
    [certificate.raw],
  );
  expect.assertions(1);
});

test('an objection is that of the callback, and so is an error that it throws', () => {
  const chain = chainOf(pki.client('even'));
  const no = new MtlsFixturesError('OPTION_INVALID', { option: 'x', value: 'y', expected: 'z' });

  expect(objectionOf(() => true, chain)).toBeUndefined();
  expect(objectionOf(() => 'not this one', chain)).toEqual({
    reason: 'APPLICATION_VERIFICATION',
    detail: 'not this one',
    reported: 'verifyPeer returned "not this one"',
  });
  expect(
    objectionOf(() => {
      throw no;
    }, chain),
  ).toMatchObject({ reason: 'APPLICATION_VERIFICATION', detail: expect.stringContaining('verifyPeer threw') });
});

test('where nothing of the certificate can be read the callback is not asked, and not blamed', () => {
  let asked = 0;
  const verifyPeer = (): true => {
    asked += 1;
    return true;
  };

  const objection = objectionOf(verifyPeer, [Buffer.from('3080', 'hex')]);

  expect(objection).toMatchObject({ reason: 'CERTIFICATE_UNREADABLE', detail: expect.stringContaining('verifyPeer was not asked') });
  expect(asked).toBe(0);
  expect([objectionOf(verifyPeer, chainOf(pki.client('even'))), asked]).toEqual([undefined, 1]);
});

test('a client asks about a server that was verified, and about no other', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const asked: unknown[] = [];
  const verifyPeer = ({ commonName }: PeerCertificate): true => {
    asked.push(commonName);
    return true;
  };
  const identity = pki.client();

  const unverified = await attemptHandshake(server, {
    identity,
    verifyPeer,
    rejectUnauthorized: false,
    trust: createPki({ name: 'else' }).anchors,
  });
  const before = asked.length;
  const verified = await attemptHandshake(server, { identity, verifyPeer });

  expect([unverified.verdict, before]).toEqual(['accepted', 0]);
  expect([verified.verdict, asked]).toEqual(['accepted', ['localhost']]);
});

function chainOf({ chainPem }: Identity): Uint8Array[] {
  return decodePem(chainPem).map(({ der }) => der);
}
