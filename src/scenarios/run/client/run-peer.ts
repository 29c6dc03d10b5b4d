import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { printable } from '../../../handshake/explain/printable.ts';
import { inspectCertificate } from '../../../x509/inspect-certificate.ts';
import { startPeer } from './peer-to-call.ts';
import type { Played } from '../../assess/observation.ts';
import type { PeerTrial } from '../../catalogue/protocol-scenario.ts';
import type { CallSettings } from '../run-server-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, describeOutcome, unexpected, type Weighed } from '../../records/scenario-result.ts';
import { settleCall } from '../../assess/settle-call.ts';
import type { ClientCall } from '../target.ts';
import { weighCalledPeer } from '../../assess/assess-called-peer.ts';

/** Lets a client under test call a real server that is configured in a peculiar way. */
export async function playPeer(
  { identity, options, judged, presents }: PeerTrial,
  call: ClientCall,
  { pki, version, timeout, startPeer: start }: CallSettings,
): Promise<Played> {
  const peer = await startPeer({ identity, host: 'localhost', trust: pki.anchors }, { pki, version, start, options });
  try {
    const settled = await settleCall(() => call(peer.call), timeout);
    const handshakes = await peer.handshakes();
    const handshake = handshakes.at(-1);
    const own = inspectCertificate(peer.call.tls.cert).fingerprint256;
    return {
      ...(handshake && { handshake }),
      weigh: (expected) => {
        if (judged === 'disclosure') return weighDisclosure(expected, weighCalledPeer(refusedByClient, settled, handshakes), handshakes);
        const weighed = weighCalledPeer(expected, settled, handshakes);
        if (weighed.status === 'unexpected' && handshake?.reason === 'PEER_DID_NOT_RETURN_A_CERTIFICATE')
          return unexpected(`the client presented no certificate to a server that insists on one: ${weighed.message}`);
        return weighed.status === 'as-expected' && presents ? weighPresented(presents, own, handshakes) : weighed;
      },
    };
  } finally {
    await peer.close();
  }
}

/** Whether the server got to see the certificate of a client that must refuse it in any case. */
function weighDisclosure(expected: ExpectedOutcome, refused: Weighed, handshakes: readonly Handshake[]): Weighed {
  if (refused.status !== 'as-expected') return refused;
  const shown = handshakes.find(({ clientCertificate }) => clientCertificate)?.clientCertificate;
  const seen = shown ? `presented "${printable(shown.subject.text)}" to it all the same` : 'did not present its certificate';
  return (expected.verdict === 'accepted') === (shown !== undefined)
    ? asExpected(`the client refused the server, and ${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but the client, which refused the server, ${seen}`);
}

/** The client trusted the server; what it presented on any connection may be its own certificate only. */
function weighPresented(presents: NonNullable<PeerTrial['presents']>, own: string, handshakes: readonly Handshake[]): Weighed {
  const certificates = handshakes.flatMap(({ clientCertificate }) => clientCertificate ?? []);
  const foreign = certificates.find(({ fingerprint256 }) => fingerprint256 !== own);
  if (foreign)
    return unexpected(`the client presented "${printable(foreign.subject.text)}", which is not the certificate that it was given`);
  const what = certificates.length === 0 ? 'none' : 'own';
  const seen = what === 'own' ? 'presented its own certificate' : 'presented no certificate';
  return presents.split('-or-').includes(what)
    ? asExpected(`the client trusted the server and ${seen}, as expected`)
    : unexpected(`the client trusted the server, but ${seen}`);
}

const refusedByClient: ExpectedOutcome = { verdict: 'rejected', by: 'client' };
