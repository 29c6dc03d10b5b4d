import { ByteCursor } from '../../../byte-cursor.ts';
import { signatureSchemeName, signatureSchemes, type SignatureScheme } from '../../../registry/names.ts';
import type { Side } from '../../../tap/capture.ts';
import { encodeUint, encodeVector } from '../../../tls-encoding.ts';
import type { Incoming } from '../../channel/incoming.ts';
import { formOf, fitsKey } from '../../crypto/signature-schemes.ts';
import { peerKeyOf } from '../../crypto/raw-public-key.ts';
import { isSignature } from '../../crypto/signatures.ts';
import type { FlightContext, FlightMessage } from '../../flight.ts';
import type { PeerState } from '../../peer-state.ts';

/** A CertificateVerify by the key of the credential (RFC 8446 4.4.3). */
export const certificateVerify: FlightMessage = { name: 'certificate_verify', body: certificateVerifyBody };

/** What is signed. */
export function signedContentOf(side: Side, transcriptHash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(64, 0x20), Buffer.from(`TLS 1.3, ${side} CertificateVerify\0`, 'latin1'), transcriptHash]);
}

/** Verifies the peer's proof that it has the key of its certificate. */
export function verifyCertificateVerify(state: PeerState, message: Incoming, certificate: Uint8Array): void {
  const { channel } = state;
  const cursor = new ByteCursor(message.body);
  const number = cursor.uint(2);
  const signature = cursor.take(cursor.uint(2));
  channel.require('message-shape', !cursor.truncated && cursor.remaining === 0, 'CertificateVerify is malformed', 'decode_error');
  const name = signatureSchemeName(number);
  const isOffered = state.schemes.some((scheme) => signatureSchemes[scheme] === number);
  channel.require(
    'signature-scheme-offered',
    isOffered,
    `CertificateVerify is made by ${name}, which was not offered`,
    'illegal_parameter',
  );
  const key = peerKeyOf(state, certificate);
  if (!key) return channel.fail('the certificate has no key that can be read', 'bad_certificate');
  const scheme = name as SignatureScheme; // of the registry; for any other number the form is missing
  const fits = formOf(scheme) !== undefined && fitsKey(scheme, key, 'TLSv1.3');
  channel.require(
    'signature-scheme-key',
    fits,
    `CertificateVerify is made by ${name}, which the certificate's key cannot make`,
    'illegal_parameter',
  );
  const isRight = signedContents(state).some((content) => isSignature(signature, { scheme, key, content }));
  channel.require('certificate-verify-signature', isRight, 'the signature of CertificateVerify is wrong', 'decrypt_error');
}

/** What may be signed: one content, unless checks are left out. */
function signedContents(state: PeerState): readonly Buffer[] {
  const sides: readonly Side[] = state.skips('signature-context') ? ['client', 'server'] : [state.peer];
  const hashes = state.skips('certificate-verify-transcript')
    ? state.transcript.prefixHashes(state.rules.hash)
    : [state.transcript.hash(state.rules.hash)];
  return sides.flatMap((side) => hashes.map((hash) => signedContentOf(side, hash)));
}

function certificateVerifyBody(context: FlightContext): Buffer {
  return Buffer.concat([encodeUint(2, signatureSchemes[context.signatureScheme()]), encodeVector(2, context.sign())]);
}
