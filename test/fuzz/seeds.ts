import { readDer } from '../../src/asn1/der-reader.ts';
import { decodePem } from '../../src/asn1/pem.ts';
import type { ForwardedField } from '../../src/forwarded/format.ts';
import { headerFormats } from '../../src/forwarded/formats.ts';
import { createPki } from '../../src/pki/pki.ts';
import { selfSignedIdentity } from '../../src/pki/self-signed-identity.ts';
import { hiddenCases } from '../x509/verification/hidden-cases.ts';
import { makeChain } from '../x509/verification/chain-maker.ts';
import { ocspRequest as encodeRequest, ornateOcspRequest } from '../x509/ocsp-parts.ts';
import { certificateFields } from '../../src/x509/certificate-fields.ts';
import { encodeCertificateId } from '../../src/x509/revocation/certificate-id.ts';
import { certificateBag, plainSafes } from '../pki/formats/pkcs12/make-pfx.ts';
import { encodeFrames } from './frames.ts';
import { wireSeeds } from './wire-seeds.ts';

/** Small inputs that a target takes for good ones, by name. Nothing in them is a private key. */
export async function seedsOf(target: string): Promise<Readonly<Record<string, Uint8Array>>> {
  return (await makers[target]?.()) ?? {};
}

type Seeds = Readonly<Record<string, Uint8Array>>;

const pki = createPki({ name: 'seeds' });
const rich = pki.server({
  subject: [
    [
      { type: 'organization', value: 'Org' },
      { type: 'userId', value: '1' },
    ],
    { type: 'commonName', value: 'rich' },
  ],
  dns: ['a.test', '*.b.test'],
  ip: ['10.0.0.1', '::1'],
  uri: 'spiffe://a.test/x',
  email: 'a@b.test',
  crlDistributionPoints: 'http://a.test/crl',
  ocsp: 'http://a.test/ocsp',
});
const authority = pki.root.issueAuthority({ pathLength: 1, nameConstraints: { permitted: { ip: '10.0.0.0/8', dns: 'a.test' } } });

async function certificates(): Promise<Readonly<Record<string, Buffer>>> {
  return {
    leaf: rich.certificate.raw,
    authority: authority.certificate.raw,
    rsa: pki.client('rsa', { keyAlgorithm: 'rsa-2048' }).certificate.raw,
    ed25519: pki.client('ed', { keyAlgorithm: 'ed25519' }).certificate.raw,
    'self-signed': (await selfSignedIdentity()).certificate.raw,
  };
}

function chains(): Seeds {
  const names = new Set([
    'nc-othername-excluded',
    'nc-maximum',
    'nc-uri-without-host',
    'intermediate-p192',
    'leaf-ec-explicit-params',
    'crl-number-critical',
  ]);
  const cases = hiddenCases.filter(({ name }) => names.has(name));
  return Object.fromEntries(
    [{ name: 'sound', changes: {} }, ...cases].map(({ name, changes }) => {
      const { chain, anchors, crls = [] } = makeChain('client', changes);
      const frames = [chain, anchors, crls].flatMap((list, flags) => list.map((bytes) => ({ flags, bytes })));
      return [name, encodeFrames(frames)];
    }),
  );
}

function requests(): Seeds {
  const { raw } = pki.issuer.certificate;
  const id = encodeCertificateId(certificateFields(raw), { serialNumber: 77n, hash: 'sha256' });
  return {
    plain: encodeRequest([id, id]),
    nonce: encodeRequest([id], { nonce: Buffer.alloc(16, 7) }),
    ornate: ornateOcspRequest(id, { nonce: Buffer.alloc(8) }),
  };
}

function http(): Seeds {
  const [plain = new Uint8Array(0)] = Object.values(requests());
  const url = encodeURIComponent(Buffer.from(plain).toString('base64'));
  return {
    crl: Buffer.from('GET /crl/0a.crl'),
    ca: Buffer.from('HEAD /ca/0a.cer?x'),
    'ocsp-get': Buffer.from(`GET /ocsp/${url}`),
    'ocsp-post': Buffer.concat([Buffer.from('POST /ocsp\n'), plain]),
    other: Buffer.from('DELETE /crl/0a.crl'),
  };
}

function serialized(): Seeds {
  const authorityOf = (name: string): object => ({ certificate: `@${name}`, key: `@${name}-key`, crlNumber: 1, revoked: [] });
  const whole = { version: 1, name: 'seeds', keyAlgorithm: 'ec-p256', validFor: 86_400_000 };
  const revoked = [{ serialNumber: '1f', reason: 'keyCompromise', date: '2026-11-23T00:00:00.000Z' }];
  return {
    plain: json({ ...whole, authorities: [authorityOf('root'), authorityOf('issuer')] }),
    revoked: json({ ...whole, authorities: [{ ...authorityOf('root'), revoked }] }),
  };
}

function identities(): Seeds {
  const own = Buffer.from('@own');
  const anchors = Buffer.from(pki.anchors);
  return {
    own: encodeFrames([{ flags: 0, bytes: own }]),
    anchors: encodeFrames([
      { flags: 0, bytes: own },
      { flags: 1, bytes: anchors },
    ]),
    other: encodeFrames([{ flags: 0, bytes: Buffer.from(rich.chainPem) }]),
  };
}

function keyLogs(): Seeds {
  const line = (label: string, octets: number): string => `${label} ${'0a'.repeat(32)} ${'0b'.repeat(octets)}\n`;
  const tls13 = ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'].map((label) => line(label, 32)).join('');
  return { tls13: Buffer.from(tls13), tls12: Buffer.from(`# comment\n\n${line('CLIENT_RANDOM', 48)}`) };
}

/** Bytes in place of what a side sends, and bodies in place of its messages: see the target. */
function engine(): Seeds {
  const body = (flags: number, text: string): Uint8Array => encodeFrames([{ flags, bytes: Buffer.from(text, 'hex') }]);
  return {
    'not-tls': encodeFrames([{ flags: 0, bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') }]),
    alert: body(1, '15030300020228'),
    'empty-record': body(0, '1603030000'),
    'server-extensions': body(2 | 1 | (2 << 2), '0009001000050003026832'),
    'server-certificate': body(2 | 1 | (3 << 2), '000000080000033000020000'),
    'client-certificate': body(2 | (1 << 2), '00000000'),
    'client-compressed': body(2 | (1 << 2), '0001000010000008789c030000000001'),
    finished: body(2 | (3 << 2), '00'.repeat(48)),
  };
}

/** The octets for the protocol and the size of the pieces go before each. */
function starttls(): Seeds {
  const words: Readonly<Record<string, readonly [number, string]>> = {
    postgres: [0, 'S'],
    'postgres-error': [0, 'E\0\0\0\u001cSFATAL\0C28000\0Mno way\0\0'],
    mysql: [1, '\u0030\0\0\0\n11.4.2\0\u0007\0\0\x0012345678\0\0\u00aa\u002d\u0002\0\u0008\0\u0015\0\0\0\0\0\0\0\0\0\x00123456789012\0'],
    'mysql-error': [1, '\u000b\0\0\0\u00ff\u0015\u0004#08004no'],
    smtp: [2, '220-a\r\n220 b\r\n250-a\r\n250-STARTTLS\r\n250 8BITMIME\r\n220 go\r\n'],
    imap: [3, '* OK hello\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\na2 OK begin\r\n'],
    ldap: [4, '0\u000c\u0002\u0001\u0001x\u0007\n\u0001\0\u0004\0\u0004\0'],
    pop3: [5, '+OK hello\r\n+OK begin\r\n'],
    ftp: [6, '220-hello\r\n  there\r\n220 you\r\n234 begin\r\n'],
    nats: [7, 'INFO {"proto":1,"tls_required":true} \r\n'],
  };
  return Object.fromEntries(
    Object.entries(words).map(([name, [protocol, text]]) => [
      name,
      Buffer.concat([Uint8Array.of(protocol, 40), Buffer.from(text, 'latin1')]),
    ]),
  );
}

/** What the MAC of a PKCS#12 file is of. */
function contentOf(file: Uint8Array): Uint8Array {
  return readDer(file, 'PFX').children[1]?.children[1]?.inner().content ?? new Uint8Array();
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function crlOf(): Buffer {
  pki.issuer.revoke(rich, 'keyCompromise');
  return Buffer.from(decodePem(pki.issuer.crl())[0]?.der ?? []);
}

/** What each proxy sends: for a certificate with its chain, for one that is not valid, for none. */
function forwardedHeaders(): Seeds {
  const chain = [rich.certificate.raw, pki.issuer.certificate.raw].map((raw) => new Uint8Array(raw));
  const clients = {
    valid: { certificates: chain, verified: true, chain: true },
    invalid: { certificates: chain.slice(0, 1), verified: 'CERT_HAS_EXPIRED', chain: false },
    none: { certificates: [], verified: true, chain: true },
  };
  return Object.fromEntries(
    headerFormats.flatMap(({ format, names, write }, index) =>
      Object.entries(clients).map(([kind, client]) => {
        const fields = Object.keys(names) as ForwardedField[]; // its own keys
        const frames = write(client).map(([field, value, rest]) => ({
          flags: fields.indexOf(field) + (rest === undefined ? 0 : 0x20),
          bytes: Buffer.from(value, 'latin1'),
        }));
        return [`${format}-${kind}`, Buffer.concat([Uint8Array.of(index, 0), encodeFrames(frames)])];
      }),
    ),
  );
}

const makers: Readonly<Record<string, () => Seeds | Promise<Seeds>>> = {
  certificate: async () => ({ ...(await certificates()), pem: Buffer.from(rich.chainPem) }),
  certificatePem: () => ({ chain: Buffer.from(rich.chainPem), crl: Buffer.from(pki.issuer.crl()) }),
  chain: chains,
  forwarded: forwardedHeaders,
  der: async () => ({ ...(await certificates()), crl: crlOf() }),
  identity: identities,
  identityKey: () => ({ nothing: new Uint8Array(0), one: Uint8Array.of(0, 40, 0x41) }),
  keyLog: keyLogs,
  ocspRequest: requests,
  ocspResponse: () => ({
    good: pki.issuer.ocspResponse(pki.client('a')),
    revoked: pki.issuer.ocspResponse(77n, { status: 'revoked' }),
    later: pki.issuer.ocspResponse(77n, { responseStatus: 'tryLater' }),
  }),
  pkcs12: () => ({
    file: Buffer.concat([Uint8Array.of(0), pki.trustStore('password')]),
    content: Buffer.concat([
      Uint8Array.of(1),
      plainSafes([certificateBag(rich.certificate.raw), certificateBag(pki.issuer.certificate.raw)]),
    ]),
    encrypted: Buffer.concat([Uint8Array.of(1), contentOf(pki.trustStore('password'))]),
    nothing: Uint8Array.of(2),
    one: Uint8Array.of(2, 0, 40, 0x41),
  }),
  revocationRequest: http,
  serializedPki: serialized,
  starttls,
  engine,
  ...wireSeeds,
};
