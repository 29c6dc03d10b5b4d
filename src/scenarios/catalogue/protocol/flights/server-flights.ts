import type { ClientProtocolScenario } from '../../protocol-scenario.ts';
import { serverCertificateVerifies } from './server-certificate-verifies.ts';
import { serverCertificates } from './server-certificates.ts';
import { serverHellos } from './server-hellos.ts';
import { serverKeyExchanges } from './server-key-exchanges.ts';
import { serverRequests } from './server-requests.ts';
import { serverResumptions } from './server-resumptions.ts';

/** Servers one flight of which differs in one respect from that of a conforming server; keys and Finished are those of what is sent. */
export const serverFlights = (): readonly ClientProtocolScenario[] => [
  ...serverCertificates(),
  ...serverCertificateVerifies(),
  ...serverRequests(),
  ...serverHellos(),
  ...serverKeyExchanges(),
  ...serverResumptions(),
];
