import { lazyList } from './lazy-list.ts';
import { clientCertificateRequests } from './protocol/client-certificate-requests.ts';
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
  ...interruptingServers(),
  ...misbehavingServers(),
  ...clientCertificateRequests(),
  ...twoCalls(),
]);
