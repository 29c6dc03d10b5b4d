import { createHash } from 'node:crypto';
import { alterBody, leaveOut, signAs } from '../../../wire/engine/edits.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { encodeUint } from '../../../wire/tls-encoding.ts';
import { type FlightPlans, inServerFlight } from './flight-plan.ts';
import { withSignature } from './message-edits.ts';

/** Faults of the server's CertificateVerify: the proof that it holds the key of its certificate (RFC 8446 4.4.3). */
export const certificateVerifyPlans = {
  'certificate-verify-left-out': { 'TLSv1.3': inServerFlight(leaveOut('certificate_verify')) },
  'certificate-verify-sha1': { 'TLSv1.3': inServerFlight(signAs({ hash: 'sha1', written: 'ecdsa_sha1' })) },
  'certificate-verify-pkcs1': { 'TLSv1.3': inServerFlight(signAs({ scheme: 'rsa_pkcs1_sha256' })) },
  'certificate-verify-other-curve': { 'TLSv1.3': inServerFlight(signAs({ scheme: 'ecdsa_secp384r1_sha384' })) },
  'certificate-verify-other-key-type': {
    'TLSv1.3': inServerFlight((messages, context) => {
      const isRsa = context.signatureScheme().startsWith('rsa_');
      return signAs({ written: isRsa ? 'ecdsa_secp256r1_sha256' : 'rsa_pss_rsae_sha256' })(messages, context);
    }),
  },
  'certificate-verify-truncated': {
    'TLSv1.3': inServerFlight(alterBody('certificate_verify', (body) => withSignature(body, 2, (signature) => signature.subarray(0, -1)))),
  },
  'certificate-verify-length-too-long': {
    'TLSv1.3': inServerFlight(
      alterBody('certificate_verify', (body) => Buffer.concat([body.subarray(0, 2), encodeUint(2, body.length - 3), body.subarray(4)])),
    ),
  },
  'certificate-verify-empty-signature': {
    'TLSv1.3': inServerFlight(alterBody('certificate_verify', (body) => withSignature(body, 2, () => Buffer.alloc(0)))),
  },
  'certificate-verify-other-transcript': {
    'TLSv1.3': inServerFlight(
      signAs({
        content: (content, context) =>
          Buffer.concat([content.subarray(0, -context.transcriptHash().length), hashWithoutCertificate(context)]),
      }),
    ),
  },
  'certificate-verify-client-context': {
    'TLSv1.3': inServerFlight(
      signAs({ content: (content) => Buffer.from(content.toString('latin1').replace('server', 'client'), 'latin1') }),
    ),
  },
} as const satisfies Partial<FlightPlans>;

/** The hash of the transcript up to the Certificate, which the signature then does not cover. */
function hashWithoutCertificate({ transcript, transcriptHash, sent }: FlightContext): Buffer {
  const certificate = handshakeHeaderLength + (sent('certificate')?.length ?? 0);
  const algorithm = transcriptHash().length === 48 ? 'sha384' : 'sha256';
  return createHash(algorithm).update(transcript().subarray(0, -certificate)).digest();
}

const handshakeHeaderLength = 4;
