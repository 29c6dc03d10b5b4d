import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeClientHello } from '../../../../src/wire/hello/encode-client-hello.ts';
import {
  attemptHandshake,
  type AttemptOptions,
  createPki,
  type Handshake,
  identityFromPem,
  type Identity,
  type ObservedServer,
  observe,
  selfSignedIdentity,
  startTlsServer,
  type TlsServerOptions,
} from '../../../../src/index.ts';
import { clientScenarios, serverScenarios } from '../../../../src/scenarios/index.ts';

const pki = createPki({ name: 'shop' });
const other = createPki({ name: 'elsewhere' });
const past = new Date(Date.now() - 60_000);
const future = new Date(Date.now() + 3_600_000);
const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

/** One refusal: how it comes about, what decides that it is that one, and the words that only its own next step has. */
interface Shape {
  readonly name: string;
  readonly reason: string;
  readonly handshake: () => Promise<Handshake>;
  readonly words: RegExp;
}

const shapes: readonly Shape[] = [
  {
    name: 'an expired leaf',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byServer(pki.client('bob', { notAfter: past })),
    words: /^the client's certificate "CN=bob" expired at \S+Z, and it was \S+Z at the handshake: issue it/u,
  },
  {
    name: 'an expired intermediate',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byServer(below(pki.root.issueAuthority({ commonName: 'short CA', notAfter: past }))),
    words: /^the intermediate "[^"]*CN=short CA" expired at/u,
  },
  {
    name: 'an expired trust anchor',
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => clientOf('expired-root'),
    words: /^the server's trust anchor "[^"]*" expired at/u,
  },
  {
    name: 'a date that cannot be read',
    reason: 'ERROR_IN_CERT_NOT_AFTER_FIELD',
    handshake: () => clientOf('validity-generalizedtime-fraction'),
    words: /^the notAfter date of the client's certificate "CN=client" \("[^"]+"\) is not in the form/u,
  },
  {
    name: 'an issuer that is not a CA',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('intermediate-ca-false'),
    words: /^the issuer "[^"]*" issued "CN=client", but is not a CA: its basicConstraints lack CA:TRUE/u,
  },
  {
    name: 'a trust anchor that is not a CA',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('root-ca-false'),
    words: /^the server's trust anchor "[^"]*" issued "[^"]*", but is not a CA: its basicConstraints lack CA:TRUE/u,
  },
  {
    name: 'a key usage without digitalSignature',
    reason: 'INVALID_PURPOSE',
    handshake: () => clientOf('ku-no-digital-signature'),
    words: /has the key usage keyEncipherment, and a client needs digitalSignature/u,
  },
  {
    name: 'an issuer without keyCertSign',
    reason: 'KEYUSAGE_NO_CERTSIGN',
    handshake: () => clientOf('intermediate-no-keycertsign'),
    words: /issued a certificate, but its keyUsage lacks keyCertSign/u,
  },
  {
    name: 'a signature that was changed',
    reason: 'CERT_SIGNATURE_FAILURE',
    handshake: () => clientOf('corrupted-signature'),
    words: /^the signature of the client's certificate "CN=client" was not made with the key of the intermediate/u,
  },
  {
    name: 'two trust anchors of one name',
    reason: 'CERT_SIGNATURE_FAILURE',
    handshake: () => clientOf('anchors-same-dn-two-keys'),
    words: /^the server trusts two CAs named "[^"]*" with different keys/u,
  },
  {
    name: 'an intermediate as the trust anchor',
    reason: 'UNABLE_TO_GET_ISSUER_CERT',
    handshake: () => clientOf('intermediate-as-anchor'),
    words: /^the server trusts the intermediate "[^"]*", but not its issuer "[^"]*": trust that root/u,
  },
  {
    name: 'a key identifier of another key',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => clientOf('aki-mismatch'),
    words: /because its authorityKeyIdentifier is that of another key/u,
  },
  {
    name: 'an extension that comes twice',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => clientOf('duplicate-extension'),
    words: /because one of its extensions is malformed, or comes twice/u,
  },
  {
    name: 'an expired CRL',
    reason: 'CRL_HAS_EXPIRED',
    handshake: () => clientOf('crl-expired'),
    words: /^the CRL of "[^"]*" that the server checks expired at \S+Z, and it was/u,
  },
  {
    name: 'a critical extension of an intermediate',
    reason: 'UNHANDLED_CRITICAL_EXTENSION',
    handshake: () => clientOf('intermediate-unknown-critical-extension'),
    words: /^the intermediate "[^"]*" has a critical extension that OpenSSL does not process/u,
  },
  {
    name: 'a name outside the name constraints',
    reason: 'PERMITTED_VIOLATION',
    handshake: () => clientOf('nc-permitted-dns-violated'),
    words: /\(names: peer\.example\.test\) is outside what the name constraints of the intermediate "[^"]*" permit/u,
  },
  {
    name: 'a key of another certificate',
    reason: process.versions.openssl.startsWith('3.0.') ? 'BAD_SIGNATURE' : 'PROVIDER_SIGNATURE_FAILURE', // measured on Node 22.12
    handshake: () => serverOf('key-mismatch'),
    words: /^the server did not sign with the private key of the server's certificate "CN=localhost"/u,
  },
  {
    name: 'a curve that TLS 1.3 does not have',
    reason: 'WRONG_CURVE',
    handshake: () => serverOf('leaf-ec-secp256k1'),
    words: /has a key on a curve \(ec-[^)]*\) that the client does not accept in TLSv1\.3: use a key on P-256/u,
  },
  {
    name: 'bytes in place of a certificate',
    reason: 'WRONG_TAG',
    handshake: () => serverOf('certificate-not-der'),
    words: /^certificate 1 of \d that the server sent cannot be read as DER \(WRONG_TAG\)/u,
  },
  {
    name: "a server's expired leaf",
    reason: 'CERT_HAS_EXPIRED',
    handshake: () => byClient(pki.server({ notAfter: past })),
    words: /^the server's certificate "CN=localhost" expired at/u,
  },
  {
    name: 'a leaf of tomorrow',
    reason: 'CERT_NOT_YET_VALID',
    handshake: () => byServer(pki.client('bob', { notBefore: future })),
    words: /^the client's certificate "CN=bob" is valid only from .* compare the clocks/u,
  },
  {
    name: 'a server certificate for a client',
    reason: 'INVALID_PURPOSE',
    handshake: () => byServer(pki.server()),
    words: /extended key usage serverAuth, and a client needs clientAuth: use pki\.client\(\)$/u,
  },
  {
    name: 'a client certificate for a server',
    reason: 'INVALID_PURPOSE',
    handshake: () => byClient(pki.client('bob', { dns: 'localhost' })),
    words: /extended key usage clientAuth, and a server needs serverAuth: use pki\.server\(\)$/u,
  },
  {
    name: 'a CA above that is for servers only',
    reason: 'INVALID_PURPOSE',
    handshake: () => byServer(below(pki.root.issueAuthority({ commonName: 'servers CA', extendedKeyUsage: ['serverAuth'] }))),
    words: /^the intermediate "[^"]*CN=servers CA" has the extended key usage serverAuth/u,
  },
  {
    name: 'an intermediate that was not sent, and is seen elsewhere',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(alone(pki.client('bob'))),
    words:
      /^the client did not send the intermediate "[^"]*CN=shop issuing CA", which issued the client's certificate "CN=bob": send it along/u,
  },
  {
    name: 'an intermediate that was not sent, and is not seen',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(alone(below(pki.root.issueAuthority({ commonName: 'hidden CA' })))),
    words: /was issued by "[^"]*CN=hidden CA", which the server does not trust .* if it is an intermediate, send it along/u,
  },
  {
    name: 'a root that is not trusted',
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    handshake: () => byServer(other.client()),
    words: /^the server does not trust "[^"]*CN=elsewhere root CA", the root of .* add that root to the server's trust/u,
  },
  {
    name: "a server's root that is not trusted",
    reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    handshake: () => byClient(other.server()),
    words: /^the client does not trust "[^"]*CN=elsewhere root CA", the root of the server's certificate/u,
  },
  {
    name: 'a root that is not trusted and was sent',
    reason: 'SELF_SIGNED_CERT_IN_CHAIN',
    handshake: () => byServer(withRoot(other.client(), other.anchors)),
    words: /^the client sent its root "[^"]*CN=elsewhere root CA", which the server does not trust/u,
  },
  {
    name: 'another CA of the same name',
    reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    handshake: () => byServer(createPki({ name: 'shop', intermediates: 0 }).client('bob')),
    words: /issued by another CA that has the name of the server's trust anchor "[^"]*CN=shop root CA", but another key/u,
  },
  {
    name: 'a self-signed certificate',
    reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    handshake: async () => byServer(await selfSignedIdentity()),
    words: /is self-signed, and the server does not trust it/u,
  },
  {
    name: 'a revoked certificate',
    reason: 'CERT_REVOKED',
    handshake: () => {
      const revoking = createPki({ name: 'revoking' });
      const revoked = revoking.client('gone');
      revoking.issuer.revoke(revoked);
      return byServer(revoked, { identity: revoking.server(), crl: [revoking.issuer.crl(), revoking.root.crl()] });
    },
    words: /^the client's certificate "CN=gone" \(serial number [0-9A-F]+\) is on the CRL of "[^"]*CN=revoking issuing CA"/u,
  },
  {
    name: 'a CRL that is missing',
    reason: 'UNABLE_TO_GET_CRL',
    handshake: () => byServer(pki.client(), { identity: pki.server(), crl: pki.issuer.crl() }),
    words: /has no CRL of "[^"]*CN=shop root CA"; Node requires one of every CA/u,
  },
  {
    name: 'a path length that is used up',
    reason: 'PATH_LENGTH_EXCEEDED',
    handshake: () => clientOf('pathlen-exceeded'),
    words: /upper CA" has the pathLength 0, and 1 CA\(s\) follow below it/u,
  },
  {
    name: 'another name than the one asked for',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    handshake: () => byClient(pki.server({ dns: 'other.test' })),
    words: /^the client asked for "localhost", and .* has only the names other\.test: pass servername/u,
  },
  {
    name: 'a wildcard over two labels',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    handshake: () => byClient(pki.server({ dns: '*.example.test' }), { servername: 'a.b.example.test' }),
    words: /^the client asked for "a\.b\.example\.test", and .* has the wildcard "\*\.example\.test", which stands for one whole label/u,
  },
  {
    name: 'an IP address among DNS names',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    handshake: () => byClient(pki.server({ dns: 'localhost' }), { servername: '127.0.0.1' }),
    words: /^the client asked for "127\.0\.0\.1", and .* has no IP address among its names \(localhost\): issue it with ip/u,
  },
  {
    name: 'no client certificate',
    reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    handshake: () => byServer(undefined),
    words: /^the client presented no certificate, and the server requires one: pass identity/u,
  },
  {
    name: 'a key that fits no signature scheme of the server',
    reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    handshake: () => byServer(pki.client('rsa', { keyAlgorithm: 'rsa-2048' }), { identity: pki.server(), sigalgs: 'ECDSA+SHA256' }),
    words: /did not send it: its key \(rsa-2048\) fits none of the signature schemes that the server accepts \(ecdsa_secp256r1_sha256\)/u,
  },
  {
    name: 'no application protocol in common',
    reason: 'NO_APPLICATION_PROTOCOL',
    handshake: () => byServer(pki.client(), { identity: pki.server(), ALPNProtocols: ['http/1.1'] }, { ALPNProtocols: ['h2', 'x'] }),
    words: /the client offered h2, x, and the server takes http\/1\.1; compare ALPNProtocols/u,
  },
  {
    name: 'no version in common',
    reason: 'UNSUPPORTED_PROTOCOL',
    handshake: () => byServer(pki.client(), { identity: pki.server(), minVersion: 'TLSv1.3' }, tls12),
    words: /the client offered TLSv1\.2, and the server takes none of these \(minVersion TLSv1\.3\)/u,
  },
  {
    name: 'cipher suites for another type of key',
    reason: 'NO_SHARED_CIPHER',
    handshake: () =>
      byServer(
        pki.client(),
        { identity: pki.server({ keyAlgorithm: 'rsa-2048' }), maxVersion: 'TLSv1.2' },
        { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      ),
    words:
      /^the server's key is rsa-2048, and the client offers cipher suites for other types of key only \(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\)/u,
  },
  {
    name: 'a key of the server that suits no scheme of its own',
    reason: 'NO_SUITABLE_SIGNATURE_ALGORITHM',
    handshake: () => byServer(pki.client(), { identity: pki.server(), sigalgs: 'RSA+SHA256' }),
    words: /^no signature scheme in common: the server's key \(ec-p256\) and its sigalgs \(RSA\+SHA256\)/u,
  },
  {
    name: 'no group in common',
    reason: 'NO_SUITABLE_KEY_SHARE',
    handshake: () => byServer(pki.client(), { identity: pki.server(), ecdhCurve: 'P-384' }, { ecdhCurve: 'X25519' }),
    words: /^no key-exchange group in common; the client offered x25519/u,
  },
  {
    name: "the application's own check",
    reason: 'APPLICATION_VERIFICATION',
    handshake: () => byServer(pki.client(), { identity: pki.server(), verifyPeer: () => 'not on the list' }),
    words: /own check \(verifyPeer, checkServerIdentity\) refused it \(not on the list\)/u,
  },
  {
    name: "a client's own check, with a code of its own",
    reason: 'PIN_MISMATCH',
    handshake: () =>
      byClient(pki.server(), { checkServerIdentity: () => Object.assign(new Error('another key than pinned'), { code: 'PIN_MISMATCH' }) }),
    words:
      /^the client's own code refused the server's certificate "CN=localhost" with the code "PIN_MISMATCH" \(another key than pinned\)/u,
  },
  {
    name: "a client's own check, without a code",
    reason: 'APPLICATION_VERIFICATION',
    handshake: () => byClient(pki.server(), { checkServerIdentity: () => new Error('not the pinned certificate') }),
    words:
      /^TLS itself verified the server's certificate "CN=localhost"; the client's own check .* refused it \(not the pinned certificate\)/u,
  },
  {
    name: 'plain HTTP',
    reason: 'HTTP_REQUEST',
    handshake: () => sent('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'),
    words: /plain HTTP request .* use https/u,
  },
  {
    name: 'bytes that are not TLS',
    reason: 'WRONG_VERSION_NUMBER',
    handshake: () => sent('EHLO localhost\r\n'),
    words: /bytes that are not TLS/u,
  },
  {
    name: 'a client that goes no further',
    reason: 'HANDSHAKE_TIMEOUT',
    handshake: () => sent(encodeClientHello({ servername: 'localhost', versions: ['TLSv1.3'] }).subarray(0, 40), { handshakeTimeout: 100 }),
    words: /^the server's handshake timeout ran out/u,
  },
];

describe('the next step names the cause of this very refusal', () => {
  let seen: readonly { readonly reason: string | undefined; readonly step: string }[] = [];

  beforeAll(async () => {
    const handshakes = await Promise.all(shapes.map(async ({ handshake }) => handshake()));
    seen = handshakes.map((handshake) => ({ reason: handshake.reason, step: nextStepOf(handshake) }));
  });

  test.for(shapes.map((shape, at) => [shape.name, shape, at] as const))('%s', ([, { reason, words }, at]) => {
    expect(seen[at]?.reason).toBe(reason);
    expect(seen[at]?.step).toMatch(words);
    expect(seen.filter(({ step }, place) => place !== at && words.test(step))).toEqual([]);
  });
});

describe('where only an alert was seen, the next step concerns what its sender judged', () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)('by a server, over %s', async (version) => {
    const only = { minVersion: version, maxVersion: version };
    await using server = await startTlsServer({ identity: pki.server() });
    const endpoint = { host: server.host, port: server.port };

    const unknown = await attemptHandshake(endpoint, { identity: other.client('bob'), trust: pki, ...only });
    const old = await attemptHandshake(endpoint, { identity: pki.client('bob', { notAfter: past }), ...only });

    expect(unknown).toBeRejected({ by: 'server', alert: 'unknown_ca' });
    expect(nextStepOf(unknown)).toMatch(
      /^the server does not trust "[^"]*CN=elsewhere root CA", the root of the client's certificate "CN=bob"/u,
    );
    expect(old).toBeRejected({ by: 'server', alert: 'certificate_expired' });
    expect(nextStepOf(old)).toMatch(/^the client's certificate "CN=bob" expired at/u);
  });

  test('by a client', async () => {
    await using server = await startTlsServer({ identity: pki.server() });
    const socket = tls.connect({
      host: server.host,
      port: server.port,
      servername: 'localhost',
      ...pki.client().tls,
      ca: other.anchors,
      ...tls12,
    });
    socket.on('error', () => {});
    const seen = await server.nextHandshake();

    expect(seen.rejectedBy).toBe('client');
    expect(nextStepOf(seen)).toMatch(/client/u);
    expect(nextStepOf(seen)).not.toMatch(/pki\.client\(\)|the client's certificate/u);
  });
});

test('a server that completed the handshake and then hung up probably verified afterwards', async () => {
  const server = tls.createServer({ ...pki.server().serverTls, rejectUnauthorized: false }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo; // it listens on TCP

  const handshake = await attemptHandshake({ host: '127.0.0.1', port }, { identity: pki.client(), ...tls12 });
  server.close();

  expect(handshake).toBeRejected({ by: 'server' });
  expect(nextStepOf(handshake)).toBe(
    'the server completed the handshake and then closed the connection: it probably verified afterwards; look at its log',
  );
});

test('the next step for a client that was accepted unverified says why it could not be verified', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'request' });

  const control = await attemptHandshake(server, { identity: pki.client() });
  const old = await attemptHandshake(server, { identity: pki.client('bob', { notAfter: past }) });

  expect(control.explain()).not.toContain('  next ');
  expect(nextStepOf(old)).toMatch(/set clientAuth: "require" .* the client's certificate "CN=bob" expired at/u);
});

test('a certificate that was given and not sent is named as not sent, with the reason', async () => {
  await using server = await startTlsServer({ identity: pki.server(), clientAuth: 'none' });

  const text = (await attemptHandshake(server, { identity: pki.client('alice') })).explain();

  expect(text).toMatch(/^ {2}client .*alice.*, not sent: the server did not ask for one$/mu);
});

async function byServer(
  client: Identity | undefined,
  options: TlsServerOptions = { identity: pki.server() },
  attempt: AttemptOptions = {},
): Promise<Handshake> {
  await using server = await startTlsServer(options);
  return await attemptHandshake(server, { ...(client && { identity: client }), trust: [options.identity ?? pki, pki], ...attempt });
}

async function byClient(identity: Identity, attempt: AttemptOptions = {}): Promise<Handshake> {
  await using server = await startTlsServer({ identity, trust: pki });
  return await attemptHandshake(server, { identity: pki.client(), trust: pki, ...attempt });
}

/** Raw bytes to an observed server. */
async function sent(bytes: string | Uint8Array, options: tls.TlsOptions = {}): Promise<Handshake> {
  await using server: ObservedServer = observe(tls.createServer({ ...pki.server().serverTls, ...options }).listen(0, '127.0.0.1'));
  await once(server.server, 'listening');
  const client = net.connect({ host: '127.0.0.1', port: server.port });
  client.on('error', () => {}).write(bytes);
  const handshake = await server.nextHandshake();
  client.destroy();
  return handshake;
}

function below(authority: ReturnType<typeof pki.root.issueAuthority>): Identity {
  return authority.issue({ commonName: 'bob', extendedKeyUsage: ['clientAuth'], notAfter: future });
}

/** A credential of the catalogue at a server that verifies it. */
function clientOf(id: string): Promise<Handshake> {
  const { identity, trust, crl } = scenarioIn(clientScenarios, id);
  return byServer(identity.trusting(pki), { identity: pki.server(), trust, ...(crl && { crl }) });
}

async function serverOf(id: string): Promise<Handshake> {
  const { identity, trust, certificateMessage, ciphers } = scenarioIn(serverScenarios, id);
  const options = { ...(certificateMessage && { certificateMessage }), ...(ciphers !== undefined && { ciphers }) };
  await using server = await startTlsServer({ identity, trust: pki, ...options });
  return await attemptHandshake(server, { identity: pki.client(), trust, ...(ciphers !== undefined && { ciphers }) });
}

function scenarioIn(
  list: typeof clientScenarios | typeof serverScenarios,
  id: string,
): ReturnType<(typeof clientScenarios)[number]['arrange']> {
  const scenario = list.find((each) => each.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  return scenario.arrange(pki);
}

function alone({ certificatePem, keyPem, anchors }: Identity): Identity {
  return identityFromPem({ cert: certificatePem, key: keyPem, ca: anchors });
}

function withRoot({ chainPem, keyPem }: Identity, root: string): Identity {
  return identityFromPem({ cert: chainPem + root, key: keyPem, ca: pki.anchors });
}

/** The line `next`, with those that it runs on to. */
function nextStepOf(handshake: Handshake): string {
  const text = /^ {2}next +(.*(?:\n {14}.*)*)$/mu.exec(handshake.explain())?.[1] ?? 'no next step';
  return text.replaceAll(/\s+/gu, ' ');
}
