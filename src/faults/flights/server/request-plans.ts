import { alterBody, change, leaveOut, moveBefore, repeat } from '../../../wire/engine/edits.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeVector } from '../../../wire/tls-encoding.ts';
import { type FlightPlans, inBothVersions, inServerFlight } from './flight-plan.ts';
import { alterExtensions } from '../message-extensions.ts';
import { unsolicited } from './message-edits.ts';

/** Faults of the CertificateRequest and of the EncryptedExtensions. */
export const requestPlans = {
  'certificate-request-twice': inBothVersions(inServerFlight(repeat('certificate_request'))),
  'certificate-request-misplaced': {
    'TLSv1.3': inServerFlight(moveBefore('certificate', 'certificate_request')),
    'TLSv1.2': inServerFlight(moveBefore('certificate_request', 'certificate')),
  },
  'certificate-request-without-signature-algorithms': {
    'TLSv1.3': inServerFlight(
      alterExtensions('certificate_request', (extensions) => extensions.filter(({ type }) => type !== extensionType.signature_algorithms)),
    ),
    'TLSv1.2': inServerFlight(alterBody('certificate_request', withoutAlgorithms)),
  },
  'certificate-request-empty-authorities': {
    'TLSv1.3': inServerFlight(
      alterExtensions('certificate_request', (extensions) => [
        ...extensions.filter(({ type }) => type !== extensionType.certificate_authorities),
        { type: extensionType.certificate_authorities, content: encodeVector(2) },
      ]),
    ),
  },
  'certificate-request-unknown-extension': {
    'TLSv1.3': inServerFlight(alterExtensions('certificate_request', (extensions) => [...extensions, grease])),
  },
  'encrypted-extensions-left-out': { 'TLSv1.3': inServerFlight(leaveOut('encrypted_extensions')) },
  'encrypted-extensions-empty-message': { 'TLSv1.3': inServerFlight(alterBody('encrypted_extensions', () => Buffer.alloc(0))) },
  'encrypted-extensions-unsolicited': {
    'TLSv1.3': inServerFlight(
      alterExtensions('encrypted_extensions', (extensions, context) => [...extensions, unsolicited([shortFragments, secureRtp], context)]),
    ),
  },
  'encrypted-extensions-with-server-hello': {
    'TLSv1.3': inServerFlight((messages, context) =>
      change('encrypted_extensions', () => ({ joined: true }))(
        messages.filter(({ name }) => name !== 'change_cipher_spec'), // which would be between the two
        context,
      ),
    ),
  },
} as const satisfies Partial<FlightPlans>;

/** A CertificateRequest of TLS 1.2 whose list of signature algorithms is empty (RFC 5246 7.4.4). */
function withoutAlgorithms(body: Buffer): Buffer {
  const at = 1 + (body[0] ?? 0); // behind the types of certificates
  const behind = at + 2 + body.readUInt16BE(at);
  return Buffer.concat([body.subarray(0, at), encodeVector(2), body.subarray(behind)]);
}

/** RFC 6066 4 and RFC 5764 4.1.1, as a server answers. */
const shortFragments = { type: extensionType.max_fragment_length, content: Uint8Array.of(4) };
const secureRtp = { type: extensionType.use_srtp, content: Uint8Array.of(0, 2, 0, 1, 0) };
/** RFC 8701 2. */
const grease = { type: 0x7a7a, content: Uint8Array.of(0) };
