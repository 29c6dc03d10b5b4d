import { lazyList } from './lazy-list.ts';
import { clientCertificateRequests } from './protocol/client-certificate-requests.ts';
import { clientCertificateEncoding } from './protocol/flights/client-certificate-encoding.ts';
import { clientCompressedCertificates } from './protocol/flights/client-compressed-certificates.ts';
import { clientFinished } from './protocol/flights/client-finished.ts';
import { clientHellos } from './protocol/flights/client-hellos.ts';
import { clientMessageOrder } from './protocol/flights/client-message-order.ts';
import { clientRawPublicKeys } from './protocol/flights/client-raw-public-keys.ts';
import { clientSignatureSchemes } from './protocol/flights/client-signature-schemes.ts';
import { clientSignatures } from './protocol/flights/client-signatures.ts';
import { serverFlights } from './protocol/flights/server-flights.ts';
import { interruptingServers } from './protocol/interrupting-servers.ts';
import { misbehavingClients } from './protocol/misbehaving-clients.ts';
import { misbehavingServers } from './protocol/misbehaving-servers.ts';
import { negotiation } from './protocol/negotiation.ts';
import { proofOfIdentity } from './protocol/proof-of-identity.ts';
import { resumption } from './protocol/resumption.ts';
import { serverNames } from './protocol/server-names.ts';
import { twoCalls } from './protocol/two-calls.ts';
import { virtualHosts } from './protocol/virtual-hosts.ts';
import type { ProtocolScenario } from './protocol-scenario.ts';

/** Handshakes and connections that are wrong or unusual in another way than by a credential: for servers and for clients under test. */
export const protocolScenarios: readonly ProtocolScenario[] = lazyList(() => [
  ...proofOfIdentity(),
  ...negotiation(),
  ...serverNames(),
  ...virtualHosts(),
  ...misbehavingClients(),
  ...resumption(),
  ...clientMessageOrder(),
  ...clientSignatureSchemes(),
  ...clientSignatures(),
  ...clientCertificateEncoding(),
  ...clientCompressedCertificates(),
  ...clientRawPublicKeys(),
  ...clientFinished(),
  ...clientHellos(),
  ...interruptingServers(),
  ...misbehavingServers(),
  ...serverFlights(),
  ...clientCertificateRequests(),
  ...twoCalls(),
]);
