import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { ExpectedOutcome } from '../catalogue/scenario.ts';
import { type Assessment, notJudged, unsuitable } from '../records/scenario-result.ts';

/**
 * What cannot be judged of a credential that was put into the Certificate message on the wire: the proof of possession then fits no certificate but the stand-in's, so no
 * handshake completes, and an end that refuses that proof (decrypt_error, RFC 8446 4.4.3) has let the certificate pass, unless the row says that the proof is its fault.
 * Java refuses the proof by handshake_failure, and so it does a certificate that it cannot read: that alert leaves open which of the two it was.
 */
export function assessOnTheWire(
  { rejectedBy, reason, alert }: Pick<Handshake, 'rejectedBy' | 'reason' | 'alert'>,
  expected: ExpectedOutcome,
  presenter: Side,
): Assessment | undefined {
  if (expected.verdict === 'accepted')
    return unsuitable('this credential can only be put on the wire, where no handshake completes: acceptance cannot be shown');
  const judge: Side = presenter === 'client' ? 'server' : 'client';
  const isAboutProof = expected.alert === proofRefused || expected.alerts?.includes(proofRefused) === true;
  if (isAboutProof || rejectedBy !== judge) return undefined;
  if (alert?.name === proofRefused)
    return notJudged(
      `the ${judge} let the certificate pass and refused the signature, which cannot be right on the wire (alert ${proofRefused})`,
    );
  return alert?.name === 'handshake_failure' && reason === undefined
    ? unsuitable(
        `the alert handshake_failure of the ${judge} does not say whether it refused the certificate or the signature, which cannot be right on the wire`,
      )
    : undefined;
}

const proofRefused = 'decrypt_error';
