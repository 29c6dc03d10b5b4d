import type { ServerProtocolScenario } from '../../protocol-scenario.ts';
import { clientFlights } from './client-flight-rows.ts';

/** Raw public keys of a client, which no authority stands behind, where a certificate is due. */
export const clientRawPublicKeys = (): readonly ServerProtocolScenario[] =>
  clientFlights(
    {
      id: 'client-raw-public-key-unasked',
      title: 'a raw public key in place of a certificate',
      tier: 'core',
      differs:
        'Certificate holds the public key of the client alone, and CertificateVerify is signed by it; no hello speaks of raw public keys',
      references: [
        { rfc: 8446, section: '4.4.2', note: 'X.509 unless another type is negotiated' },
        { rfc: 8446, section: '6.2' },
        { rfc: 7250, section: '4.2' },
      ],
      cwes: ['CWE-295', 'CWE-296'],
      severity: 'critical',
      alerts: ['unsupported_certificate', 'bad_certificate', 'decode_error', 'illegal_parameter'],
    },
    {
      id: 'client-raw-public-key-not-selected',
      title: 'a raw public key that the server has not selected',
      tier: 'core',
      differs:
        'the ClientHello offers raw public keys behind X.509, the server does not select them, and Certificate holds the public key of the client alone',
      references: [
        { rfc: 7250, section: '4.2', note: 'the type that the server selects' },
        { rfc: 8446, section: '4.4.2' },
        { rfc: 8446, section: '6.2' },
        { document: 'BoGo', section: 'ClientCertificateType-Server' },
      ],
      cwes: ['CWE-295', 'CWE-296'],
      severity: 'critical',
      alerts: ['unsupported_certificate', 'bad_certificate', 'decode_error', 'illegal_parameter'],
    },
  );
