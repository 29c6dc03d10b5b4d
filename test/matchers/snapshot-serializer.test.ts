import { expect as plainExpect } from 'vitest';
import { attemptHandshake } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

test('a handshake in a snapshot is its masked facts, with certificates in a few lines', async ({ pki, server }) => {
  const bob = pki.client('bob', { notAfter: new Date(0), uri: 'spiffe://a.test/bob' });
  const handshake = await attemptHandshake(server, { identity: bob, ecdhCurve: 'prime256v1' });

  expect(handshake).toMatchInlineSnapshot(`
    Handshake {
      "alert": {
        "code": 45,
        "name": "certificate_expired",
        "sentBy": "server",
      },
      "cipher": "TLS_AES_256_GCM_SHA384",
      "clientAuthenticated": false,
      "clientCertificate": {
        "altNames": "spiffe://a.test/bob",
        "issuers": [
          "O=mtls-fixtures, CN=mtls-fixtures <random> issuing CA",
          "O=mtls-fixtures, CN=mtls-fixtures <random> root CA",
        ],
        "keyAlgorithm": "ec-p256",
        "subject": "CN=bob",
        "usage": "digitalSignature clientAuth",
      },
      "durationMs": "<time>",
      "evidence": "server-observed",
      "group": "secp256r1",
      "protocol": "TLSv1.3",
      "reason": "CERT_HAS_EXPIRED",
      "rejectedBy": "server",
      "resumed": false,
      "serverCertificate": {
        "altNames": "localhost 127.0.0.1 ::1",
        "issuers": [
          "O=mtls-fixtures, CN=mtls-fixtures <random> issuing CA",
          "O=mtls-fixtures, CN=mtls-fixtures <random> root CA",
        ],
        "keyAlgorithm": "ec-p256",
        "subject": "CN=localhost",
        "usage": "digitalSignature serverAuth",
      },
      "servername": "localhost",
      "verdict": "rejected",
    }
  `);
});

test('expect of Vitest itself writes the same, also within other values, and leaves other values alone', async ({ server }) => {
  const first = await attemptHandshake(server, { trust: server.trust, ecdhCurve: 'prime256v1' });
  const second = await attemptHandshake(server, { trust: server.trust, ecdhCurve: 'prime256v1' });

  plainExpect({ handshakes: [first] }).toMatchInlineSnapshot(`
    {
      "handshakes": [
        Handshake {
          "alert": {
            "code": 116,
            "name": "certificate_required",
            "sentBy": "server",
          },
          "cipher": "TLS_AES_256_GCM_SHA384",
          "clientAuthenticated": false,
          "durationMs": "<time>",
          "evidence": "server-observed",
          "group": "secp256r1",
          "protocol": "TLSv1.3",
          "reason": "PEER_DID_NOT_RETURN_A_CERTIFICATE",
          "rejectedBy": "server",
          "resumed": false,
          "serverCertificate": {
            "altNames": "localhost 127.0.0.1 ::1",
            "issuers": [
              "O=mtls-fixtures, CN=mtls-fixtures <random> issuing CA",
              "O=mtls-fixtures, CN=mtls-fixtures <random> root CA",
            ],
            "keyAlgorithm": "ec-p256",
            "subject": "CN=localhost",
            "usage": "digitalSignature serverAuth",
          },
          "servername": "localhost",
          "verdict": "rejected",
        },
      ],
    }
  `);
  plainExpect({ handshakes: [second] }).toMatchInlineSnapshot(`
    {
      "handshakes": [
        Handshake {
          "alert": {
            "code": 116,
            "name": "certificate_required",
            "sentBy": "server",
          },
          "cipher": "TLS_AES_256_GCM_SHA384",
          "clientAuthenticated": false,
          "durationMs": "<time>",
          "evidence": "server-observed",
          "group": "secp256r1",
          "protocol": "TLSv1.3",
          "reason": "PEER_DID_NOT_RETURN_A_CERTIFICATE",
          "rejectedBy": "server",
          "resumed": false,
          "serverCertificate": {
            "altNames": "localhost 127.0.0.1 ::1",
            "issuers": [
              "O=mtls-fixtures, CN=mtls-fixtures <random> issuing CA",
              "O=mtls-fixtures, CN=mtls-fixtures <random> root CA",
            ],
            "keyAlgorithm": "ec-p256",
            "subject": "CN=localhost",
            "usage": "digitalSignature serverAuth",
          },
          "servername": "localhost",
          "verdict": "rejected",
        },
      ],
    }
  `);
  plainExpect({ serialNumber: 'ABCDEF0123456789' }).toMatchInlineSnapshot(`
    {
      "serialNumber": "ABCDEF0123456789",
    }
  `);
});
