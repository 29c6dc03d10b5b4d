import { encodeClientHello } from '../../../../src/wire/hello/encode-client-hello.ts';
import { byClient, byServer, pki, sent, tls12, type Shape } from './make-refusals.ts';

/** Refusals for a name, for what the ends do not have in common, and by an application. */
export const otherRefusals: readonly Shape[] = [
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
    handshake: () =>
      sent(encodeClientHello({ servername: 'localhost', versions: ['TLSv1.3'] }).subarray(0, 40), { handshakeTimeout: 3000 }),
    words: /^the server's handshake timeout ran out/u,
  },
];
