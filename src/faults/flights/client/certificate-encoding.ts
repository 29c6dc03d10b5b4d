import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../../wire/engine/flight.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { requestedExtensions } from './certificate-request.ts';
import { type EditedFlights, inBoth, inTls13 } from './edited-flight.ts';

/** Lengths in CertificateVerify and Certificate that do not fit, and fields of Certificate that nothing asked for. */
export const certificateEncoding = {
  'client-certificate-verify-trailing-octet': {
    shown: 'CertificateVerify (with an octet after the signature)',
    edits: inBoth(alterBody('certificate_verify', withTrailingOctet)),
  },
  'client-certificate-verify-length-beyond': {
    shown: 'CertificateVerify (with a signature that is longer than the message)',
    edits: inBoth(alterBody('certificate_verify', (body) => withLength(body, { at: 2, octets: 2, by: 1 }))),
  },
  'client-certificate-verify-empty': {
    shown: 'CertificateVerify (without content)',
    edits: inBoth(alterBody('certificate_verify', () => Buffer.alloc(0))),
  },
  'client-certificate-list-too-long': {
    shown: 'Certificate (with a list that is longer than the message)',
    edits: inBoth(alterBody('certificate', (body, context) => withLength(body, { at: listAt(context), octets: 3, by: 1 }))),
  },
  'client-certificate-list-too-short': {
    shown: 'Certificate (with a list that ends before its last certificate does)',
    edits: inBoth(alterBody('certificate', (body, context) => withLength(body, { at: listAt(context), octets: 3, by: -1 }))),
  },
  'client-certificate-entry-too-long': {
    shown: 'Certificate (with a certificate that is longer than the list)',
    edits: inBoth(
      alterBody('certificate', (body, context) => {
        const at = listAt(context) + 3;
        return withLength(body, { at, octets: 3, by: body.length - at - 3 - body.readUIntBE(at, 3) + 1 });
      }),
    ),
  },
  'client-certificate-entry-empty': {
    shown: 'Certificate (with an empty certificate behind the chain)',
    edits: {
      'TLSv1.3': { client: withMore(Buffer.concat([encodeVector(3), encodeVector(2)])) },
      'TLSv1.2': { client: withMore(encodeVector(3)) },
    },
  },
  'client-certificate-trailing-octet': {
    shown: 'Certificate (with an octet after the list)',
    edits: inBoth(alterBody('certificate', withTrailingOctet)),
  },
  'client-certificate-context-unasked': {
    shown: 'Certificate (with a context that the CertificateRequest did not have)',
    edits: inTls13(alterBody('certificate', (body) => Buffer.concat([encodeVector(1, Buffer.from('context')), body.subarray(1)]))),
  },
  'client-certificate-extension-unasked': {
    shown: 'Certificate (with an OCSP response that was not asked for)',
    edits: inTls13(
      withExtension(encodeExtension(extensionType.status_request, Uint8Array.of(1), encodeVector(3, Buffer.from('30030a0106', 'hex')))),
    ),
    unfit: (context) =>
      requestedExtensions(context)?.has(extensionType.status_request) === true ? 'it asks for OCSP responses of clients' : undefined,
  },
  'client-certificate-extension-unknown': {
    shown: 'Certificate (with an extension that is not assigned)',
    edits: inTls13(withExtension(encodeExtension(0xfefe))),
  },
} as const satisfies EditedFlights<string>;

/** Where the list begins: behind the context, which the first handshake leaves empty, in TLS 1.3. */
function listAt({ version }: FlightContext): number {
  return version === 'TLSv1.3' ? 1 : 0;
}

function withTrailingOctet(body: Buffer): Buffer {
  return Buffer.concat([body, Uint8Array.of(0)]);
}

/** The same octets, where one length says otherwise. */
function withLength(body: Buffer, { at, octets, by }: { readonly at: number; readonly octets: 2 | 3; readonly by: number }): Buffer {
  const changed = Buffer.from(body);
  changed.writeUIntBE(body.readUIntBE(at, octets) + by, at, octets);
  return changed;
}

/** The list with another entry at its end. */
function withMore(entry: Buffer): FlightEdit {
  return alterBody('certificate', (body, context) => {
    const at = listAt(context);
    return Buffer.concat([body.subarray(0, at), encodeVector(3, body.subarray(at + 3), entry)]);
  });
}

/** The first certificate with one more extension, in TLS 1.3. */
function withExtension(extension: Buffer): FlightEdit {
  return alterBody('certificate', (body) => {
    const end = 1 + 3 + 3 + body.readUIntBE(1 + 3, 3);
    const extensions = body.subarray(end + 2, end + 2 + body.readUInt16BE(end));
    const rest = body.subarray(end + 2 + extensions.length);
    const first = Buffer.concat([body.subarray(1 + 3, end), encodeVector(2, extensions, extension)]);
    return Buffer.concat([encodeUint(1, 0), encodeVector(3, first, rest)]);
  });
}
