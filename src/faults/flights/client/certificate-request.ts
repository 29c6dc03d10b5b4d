import { ByteCursor } from '../../../wire/byte-cursor.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { readExtensionFields } from '../../../wire/hello/hello-fields.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { type SignatureScheme, signatureSchemes } from '../../../wire/registry/names.ts';

/** The numbers of the signature schemes that the server takes from its client; undefined where it asked for no certificate. */
export function requestedSchemes(context: FlightContext): readonly number[] | undefined {
  const request = context.received('certificate_request');
  if (!request) return undefined;
  if (context.version === 'TLSv1.2') {
    const cursor = new ByteCursor(request);
    cursor.vector(1); // types of certificates
    return cursor.vector(2).uint16List();
  }
  const schemes = requestedExtensions(context)?.get(extensionType.signature_algorithms);
  return schemes ? new ByteCursor(schemes).vector(2).uint16List() : [];
}

/** The extensions of a CertificateRequest of TLS 1.3, by number (RFC 8446 4.3.2). */
export function requestedExtensions(context: FlightContext): ReadonlyMap<number, Uint8Array> | undefined {
  const request = context.received('certificate_request');
  if (!request || context.version === 'TLSv1.2') return undefined;
  const cursor = new ByteCursor(request);
  cursor.vector(1); // the context
  return readExtensionFields(cursor).byType;
}

/** Why a signature of this scheme would be no fault. */
export function unlessOffered(scheme: SignatureScheme): (context: FlightContext) => string | undefined {
  return (context) =>
    requestedSchemes(context)?.includes(signatureSchemes[scheme]) === true ? `it takes signatures of ${scheme}` : undefined;
}
