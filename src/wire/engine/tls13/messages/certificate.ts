import { ByteCursor } from '../../../byte-cursor.ts';
import { listOf } from '../../../decode/messages/vectors.ts';
import { encodeVector } from '../../../tls-encoding.ts';
import type { Incoming } from '../../channel/incoming.ts';
import type { FlightMessage } from '../../flight.ts';
import type { PeerState } from '../../peer-state.ts';
import { compressCertificate, compressionNumbers, inflateMessage } from './compressed-certificate.ts';
import { readExtensions } from './extensions.ts';

/** A Certificate with the certificates of the credential, or with none (RFC 8446 4.4.2); compressed where both sides know an algorithm. */
export function certificateMessage(
  state: PeerState,
  peerCompressions: readonly number[],
  requestContext: Uint8Array = none,
): FlightMessage {
  const plain: FlightMessage = {
    name: 'certificate',
    body: ({ credential }) => certificateBody(credential?.certificates ?? [], requestContext),
  };
  const algorithm = state.options.certificateCompression?.find((name) =>
    compressionNumbers([name]).some((number) => peerCompressions.includes(number)),
  );
  if (!algorithm || !state.credential) return plain;
  return { name: 'compressed_certificate', body: (context) => compressCertificate(plain.body(context), algorithm) };
}

/** The body of a Certificate message. */
export function certificateBody(certificates: readonly Uint8Array[], requestContext: Uint8Array = none): Buffer {
  const entries = certificates.flatMap((certificate) => [encodeVector(3, certificate), encodeVector(2)]);
  return Buffer.concat([encodeVector(1, requestContext), encodeVector(3, ...entries)]);
}

/** The certificates of a Certificate or a CompressedCertificate of the peer, in DER, the leaf first. */
export function readCertificates(state: PeerState, message: Incoming, requestContext: Uint8Array = none): Buffer[] {
  const { channel } = state;
  const body = message.name === 'compressed_certificate' ? inflateMessage(state, message) : message.body;
  const cursor = new ByteCursor(body);
  const context = Buffer.from(cursor.take(cursor.uint(1)));
  const list = cursor.vector(3);
  const certificates = listOf(list, (entries) => {
    const certificate = Buffer.from(entries.take(entries.uint(3)));
    const extensions = entries.take(entries.uint(2));
    return { certificate, extensions };
  });
  const fits = !cursor.truncated && cursor.remaining === 0 && certificates?.every(({ certificate }) => certificate.length > 0) === true;
  channel.require('message-shape', fits, 'Certificate is malformed', 'decode_error');
  channel.require(
    'certificate-context',
    context.equals(requestContext),
    'Certificate has the context of another request',
    'illegal_parameter',
  );
  for (const { extensions } of certificates ?? [])
    readExtensions(state, new ByteCursor(encodeVector(2, extensions)), { what: 'Certificate', offered: noExtensions });
  return certificates?.map(({ certificate }) => certificate) ?? [];
}

const none = new Uint8Array(0);
/** Nothing that certificates may carry is asked for. */
const noExtensions: ReadonlySet<number> = new Set();
