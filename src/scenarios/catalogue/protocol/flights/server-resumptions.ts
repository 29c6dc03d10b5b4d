import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { forClients } from '../../protocol-definition.ts';
import { serverFlight } from './server-flight.ts';

/** Servers that resume the session of a first call, with messages that only a full handshake has. */
export const serverResumptions = (): readonly ClientProtocolScenario[] =>
  forClients(
    ...(
      [
        {
          flight: 'certificate-in-resumption',
          title: 'a server that presents its certificate in a resumed handshake',
          differs:
            'in the second call the server resumes the session, and sends Certificate and CertificateVerify too; for clients that resume',
          references: [
            { rfc: 8446, section: '4.4.2' },
            { rfc: 8446, section: 'A.1' },
            { document: 'BoGo', section: 'CertificateInResumption-TLS13' },
          ],
          cwes: ['CWE-358'],
          severity: 'medium',
          calls: 2,
          answer: 'unexpected_message',
        },
        {
          flight: 'certificate-request-in-resumption',
          title: 'a server that asks for a certificate in a resumed handshake',
          differs: 'in the second call the server resumes the session, and sends a CertificateRequest too; for clients that resume',
          references: [
            { rfc: 8446, section: '4.3.2', note: 'not where the server authenticates with a PSK' },
            { document: 'BoGo', section: 'CertificateRequestInResumption-TLS13' },
          ],
          cwes: ['CWE-358'],
          severity: 'medium',
          calls: 2,
          answer: 'unexpected_message',
        },
      ] as const
    ).map(serverFlight),
  );
