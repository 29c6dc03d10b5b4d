import type { FlightMessage } from '../flight.ts';
import { certificateMessage } from './messages/certificate.ts';
import type { RequestedCertificate } from './messages/certificate-request.ts';
import { certificateVerify } from './messages/certificate-verify.ts';
import type { Tls13State } from './tls13-state.ts';

/** What a client answers a CertificateRequest with: its certificate and the proof that it has its key, or a Certificate that is empty (RFC 8446 4.4.2). */
export function clientProof(state: Tls13State, { context, compressions }: RequestedCertificate): FlightMessage[] {
  const certificate = certificateMessage(state, compressions, context);
  const isEmpty = (state.credential?.certificates.length ?? 0) === 0;
  return isEmpty ? [certificate] : [certificate, certificateVerify];
}
