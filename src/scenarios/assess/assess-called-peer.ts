import { printable } from '../../errors/printable.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { PeerTrial } from '../catalogue/protocol-scenario.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, unexpected } from '../records/scenario-result.ts';
import { assessCall } from './assess-call.ts';
import type { CalledPeer } from './observation.ts';

/** Assesses a call to a server that is configured in an unusual way: whether it was trusted, and what certificate it was sent. */
export function assessCalledPeer(
  { trial: { judged, presents }, result, handshakes, handshake, ownFingerprint }: CalledPeer,
  expected: ExpectedOutcome,
): Assessment {
  if (judged === 'disclosure') return assessDisclosure(assessCall(result, handshakes, refusedByClient), handshakes, expected);
  const assessment = assessCall(result, handshakes, expected);
  if (assessment.status === 'unexpected' && handshake?.reason === 'PEER_DID_NOT_RETURN_A_CERTIFICATE')
    return unexpected(`the client presented no certificate to a server that insists on one: ${assessment.message}`);
  return assessment.status === 'as-expected' && presents ? assessPresented(presents, ownFingerprint, handshakes) : assessment;
}

/** Whether the server got to see the certificate of a client that must refuse it in any case. */
function assessDisclosure(refused: Assessment, handshakes: readonly Handshake[], expected: ExpectedOutcome): Assessment {
  if (refused.status !== 'as-expected') return refused;
  const shown = handshakes.find(({ clientCertificate }) => clientCertificate)?.clientCertificate;
  const seen = shown ? `presented "${printable(shown.subject.text)}" to it all the same` : 'did not present its certificate';
  return (expected.verdict === 'accepted') === (shown !== undefined)
    ? asExpected(`the client refused the server, and ${seen}, as expected`)
    : unexpected(`expected ${describeOutcome(expected)}, but the client, which refused the server, ${seen}`);
}

/** The client trusted the server; what it presented on any connection may be its own certificate only. */
function assessPresented(presents: NonNullable<PeerTrial['presents']>, own: string, handshakes: readonly Handshake[]): Assessment {
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
