import { signatureSchemes } from '../../registry/names.ts';
import type { FlightMessage } from '../flight.ts';
import { encodeCertificates, encodeDigitalSignature } from './certificate-messages.ts';
import { encodeClientKeyExchange } from './key-exchange.ts';
import { changeCipherSpec, finished } from '../standard-messages.ts';
import { canSign, type Peer12 } from './peer12.ts';

/**
 * What a client sends after ServerHelloDone. The credential is presented where the server asked for one and verifies a signature that its key can make; an
 * empty Certificate says that there is none (RFC 5246 7.4.6).
 */
export function clientFlight(peer: Peer12, publicKey: Uint8Array): readonly FlightMessage[] {
  const { state } = peer;
  const isAsked = state.received('certificate_request') !== undefined;
  const credential = isAsked && canSign(peer) ? state.credential : undefined;
  return [
    ...(isAsked ? [{ name: 'certificate' as const, body: () => encodeCertificates(credential?.certificates ?? []) }] : []),
    { name: 'client_key_exchange', body: () => encodeClientKeyExchange(publicKey) },
    ...(credential ? [certificateVerify] : []),
    ...finishing,
  ];
}

/** What ends the flights of either side. */
export const finishing: readonly FlightMessage[] = [changeCipherSpec, finished];

const certificateVerify: FlightMessage = {
  name: 'certificate_verify',
  body: (context) => encodeDigitalSignature({ scheme: signatureSchemes[context.signatureScheme()], signature: context.sign() }),
};
