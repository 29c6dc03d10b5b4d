import { randomBytes } from 'node:crypto';
import { ByteCursor } from '../../../byte-cursor.ts';
import { extensionType } from '../../../registry/extension-types.ts';
import { signatureSchemes } from '../../../registry/names.ts';
import { encodeExtension, encodeVector } from '../../../tls-encoding.ts';
import type { Incoming } from '../../channel/incoming.ts';
import type { FlightMessage } from '../../flight.ts';
import type { ServerOptions } from '../../peer-options.ts';
import type { PeerState } from '../../peer-state.ts';
import { compressionNumbers } from './compressed-certificate.ts';
import { readExtensions } from './extensions.ts';
import { extension } from './hello-extensions.ts';

/** What the peer asks for in a CertificateRequest (RFC 8446 4.3.2). */
export interface RequestedCertificate {
  readonly context: Buffer;
  readonly compressions: readonly number[];
}

/** A CertificateRequest. Its context is empty within a handshake. */
export function certificateRequest(state: PeerState, options: ServerOptions, context: Uint8Array = new Uint8Array(0)): FlightMessage {
  const { authorities, certificateCompression } = options;
  const extensions = [
    extension.numbers(
      'signature_algorithms',
      2,
      state.schemes.map((scheme) => signatureSchemes[scheme]),
    ),
    ...(authorities && authorities.length > 0
      ? [encodeExtension(extensionType.certificate_authorities, encodeVector(2, ...authorities.map((name) => encodeVector(2, name))))]
      : []),
    ...(certificateCompression ? [extension.numbers('compress_certificate', 1, compressionNumbers(certificateCompression))] : []),
  ];
  return { name: 'certificate_request', body: () => Buffer.concat([encodeVector(1, context), encodeVector(2, ...extensions)]) };
}

/** A context that no other request of the connection has. */
export function freshContext(): Buffer {
  return randomBytes(16);
}

/** Reads a CertificateRequest; the schemes that it names are those of the peer from now on. */
export function readCertificateRequest(state: PeerState, { body }: Incoming): RequestedCertificate {
  const { channel } = state;
  const cursor = new ByteCursor(body);
  const context = Buffer.from(cursor.take(cursor.uint(1)));
  const extensions = readExtensions(state, cursor, { what: 'CertificateRequest' });
  const schemes = extensions.get(extensionType.signature_algorithms);
  if (!schemes) return channel.fail('CertificateRequest names no signature algorithms', 'missing_extension');
  const authorities = extensions.get(extensionType.certificate_authorities);
  const isNamed = authorities === undefined || authorities.length > emptyList;
  channel.require('message-shape', isNamed, 'CertificateRequest has an empty list of authorities', 'decode_error');
  state.takeSchemes(new ByteCursor(schemes).vector(2).uint16List());
  const compressions = extensions.get(extensionType.compress_certificate);
  return { context, compressions: compressions ? new ByteCursor(compressions).vector(1).uint16List() : [] };
}

/** Octets of a list without an entry: its length. */
const emptyList = 2;
