import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { alterBody, inOrder, leaveOut } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../../wire/engine/flight.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { type FlightPlans, inBothVersions, inServerFlight } from './flight-plan.ts';
import { appendOctet, unsolicited } from './message-edits.ts';

/** Faults of the server's Certificate. */
export const certificatePlans = {
  'certificate-empty': {
    'TLSv1.3': inServerFlight(alterBody('certificate', () => Buffer.alloc(4))), // no context, no entries
    'TLSv1.2': inServerFlight(alterBody('certificate', () => Buffer.alloc(3))),
  },
  'certificate-left-out': inBothVersions(inServerFlight(leaveOut('certificate'))),
  'certificate-list-too-long': { 'TLSv1.3': inServerFlight(listLongerBy1(1)), 'TLSv1.2': inServerFlight(listLongerBy1(0)) },
  'certificate-trailing-octet': inBothVersions(inServerFlight(appendOctet('certificate'))),
  'certificate-context-set': {
    'TLSv1.3': inServerFlight(
      alterBody('certificate', (body) => Buffer.concat([encodeVector(1, Uint8Array.of(1, 2, 3, 4)), body.subarray(1)])),
    ),
  },
  'certificate-unsolicited-extension': { 'TLSv1.3': inServerFlight(alterBody('certificate', withExtensionInLeaf)) },
  'finished-alone': {
    'TLSv1.3': {
      options: { requestCertificate: false }, // a client that goes on is not waited for
      edits: { server: inOrder(leaveOut('certificate'), leaveOut('certificate_verify')) },
    },
  },
} as const satisfies Partial<FlightPlans>;

/** The length of certificate_list says one octet more than follows. */
function listLongerBy1(at: number): FlightEdit {
  return alterBody('certificate', (body) => {
    body.writeUIntBE(body.readUIntBE(at, 3) + 1, at, 3);
    return body;
  });
}

/** Adds an extension to the first entry, in a Certificate message of TLS 1.3 (RFC 8446 4.4.2). */
function withExtensionInLeaf(body: Buffer, context: FlightContext): Buffer {
  const list = new ByteCursor(body.subarray(1)).vector(3); // behind the context, which is empty
  const leaf = list.take(list.uint(3));
  const extensions = list.take(list.uint(2));
  const rest = list.take(list.remaining);
  const { type, content } = unsolicited([timestamps, staple], context);
  const added = encodeExtension(type, content);
  return Buffer.concat([encodeUint(1, 0), encodeVector(3, encodeVector(3, leaf), encodeVector(2, extensions, added), rest)]);
}

/** A list of one timestamp (RFC 6962 3.3), and a status (RFC 6066 8), neither of which verifies. */
const timestamps = { type: extensionType.signed_certificate_timestamp, content: encodeVector(2, encodeVector(2, Buffer.alloc(47))) };
const staple = { type: extensionType.status_request, content: Buffer.concat([Uint8Array.of(1), encodeVector(3, Uint8Array.of(0x30, 0))]) };
