import { inOrder, insertBefore } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightMessage } from '../../../wire/engine/flight.ts';
import { certificateBody } from '../../../wire/engine/tls13/messages/certificate.ts';
import { certificateVerify } from '../../../wire/engine/tls13/messages/certificate-verify.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { signatureSchemes } from '../../../wire/registry/names.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import type { FlightPlans } from './flight-plan.ts';

/** Messages of a full handshake in one that resumes a session; other handshakes of the server are as they should be. */
export const resumptionPlans = {
  'certificate-in-resumption': {
    'TLSv1.3': {
      options: { tickets: true },
      appliesTo: isResumed,
      edits: { server: inOrder(insertBefore('finished', certificate()), insertBefore('finished', certificateVerify)) },
    },
  },
  'certificate-request-in-resumption': {
    'TLSv1.3': {
      options: { tickets: true, skipped: new Set(['message-order']) }, // a client that answers the request has gone on
      appliesTo: isResumed,
      edits: { server: insertBefore('finished', certificateRequest()) },
    },
  },
} as const satisfies Partial<FlightPlans>;

function isResumed({ agreed }: FlightContext): boolean {
  return agreed.resumed;
}

function certificate(): FlightMessage {
  return { name: 'certificate', body: ({ credential }) => certificateBody(credential?.certificates ?? []) };
}

/** For signatures of the usual kinds of keys. */
function certificateRequest(): FlightMessage {
  const schemes = (['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256', 'ed25519'] as const).map((name) =>
    encodeUint(2, signatureSchemes[name]),
  );
  const algorithms = encodeExtension(extensionType.signature_algorithms, encodeVector(2, ...schemes));
  return { name: 'certificate_request', body: () => Buffer.concat([encodeVector(1), encodeVector(2, algorithms)]) };
}
