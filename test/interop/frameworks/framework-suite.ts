import type tls from 'node:tls';
import { describe } from 'vitest';
import { createPki, type ObservedServer } from '../../../src/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';
import type { SuiteServerOptions } from '../listen-observed.ts';
import type { CallMaterial, CallTarget } from '../node-clients.ts';

/** A framework's server, observed, and its client. */
export interface Framework {
  /** Its `/` answers `hello <subject of the client certificate>`, its `/broken` throws. */
  readonly start: (options: SuiteServerOptions) => Promise<ObservedServer>;
  readonly call: (target: CallTarget, material: CallMaterial) => Promise<string>;
}

/** Defines the tests of one framework over one protocol. */
export function testFramework(name: string, { start, call }: Framework): void {
  describe.for(['TLSv1.3', 'TLSv1.2'] as const)(`${name} over %s`, (version) => {
    const versions = { minVersion: version, maxVersion: version } as const;

    test('serves a good client, whose certificate is for the handler to see, and the record has it', async () => {
      await using server = await start({ identity: pki.server(), ...versions });

      const answer = await call(server, pki.client('alice').tls);
      const handshake = await server.nextHandshake();

      expect(answer).toBe('hello CN=alice');
      expect(handshake).toBeAccepted();
      expect(handshake).toHaveClientCertificate({ commonName: 'alice' });
      expect(handshake).toMatchObject({ protocol: version, evidence: 'application-data' });
    });

    test.for(badClients)(
      'rejects a client with %s: the client reports the alert, the record has the reason',
      async ([, tls, reason, alerts]) => {
        await using server = await start({ identity: pki.server(), ...versions });
        const alert = alerts[version];

        await expect(call(server, pki.client('alice').tls)).resolves.toBe('hello CN=alice');
        await expect(call(server, tls)).toFailHandshake({ by: 'server', alert });

        const [, refused] = [await server.nextHandshake(), await server.nextHandshake()];
        expect(refused).toBeRejected({ by: 'server', reason, alert });
      },
    );

    test('that throws while it answers has accepted the client all the same', async () => {
      await using server = await start({ identity: pki.server(), ...versions });

      const answer = await call({ port: server.port, path: '/broken' }, pki.client('alice').tls);

      expect(answer).toMatch(/Internal Server Error|Error: broken/u);
      expect(await server.nextHandshake()).toBeAccepted();
    });
  });
}

/** The client's name, as an application reads it from the socket of a request. */
export function clientSubject(socket: object): string {
  return (socket as tls.TLSSocket).getPeerX509Certificate()?.subject ?? 'anonymous'; // these servers speak nothing but TLS
}

const pki = createPki({ name: 'frameworks' });
const otherPki = createPki({ name: 'other' });
const old = pki.client('old', { notAfter: new Date(Date.now() - 60_000) });

const badClients = [
  ['an expired certificate', old.tls, 'CERT_HAS_EXPIRED', { 'TLSv1.3': 'certificate_expired', 'TLSv1.2': 'certificate_expired' }],
  [
    'a certificate of an unknown CA',
    otherPki.client('mallory').trusting(pki).tls,
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    { 'TLSv1.3': 'unknown_ca', 'TLSv1.2': 'unknown_ca' },
  ],
  [
    'no certificate',
    { ca: pki.anchors },
    'PEER_DID_NOT_RETURN_A_CERTIFICATE',
    { 'TLSv1.3': 'certificate_required', 'TLSv1.2': 'handshake_failure' },
  ],
] as const;
