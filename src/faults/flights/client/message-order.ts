import { deflateSync } from 'node:zlib';
import { alterBody, inOrder, insertBefore, leaveOut, moveBefore, repeat } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit, FlightMessage } from '../../../wire/engine/flight.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { requestedExtensions } from './certificate-request.ts';
import { type EditedFlights, inBoth, inTls12, inTls13 } from './edited-flight.ts';

/** Messages that are missing, repeated, out of their place, or of another kind than is due. */
export const messageOrder = {
  'client-certificate-verify-left-out': {
    shown: 'CertificateVerify (left out)',
    edits: inBoth(leaveOut('certificate_verify')),
  },
  'client-certificate-left-out': {
    shown: 'Certificate (left out)',
    edits: inBoth(leaveOut('certificate')),
  },
  'client-authentication-left-out': {
    shown: 'Certificate and CertificateVerify (left out)',
    edits: inBoth(inOrder(leaveOut('certificate'), leaveOut('certificate_verify'))),
  },
  'client-certificate-verify-before-certificate': {
    shown: 'CertificateVerify (sent before Certificate)',
    edits: inTls13(moveBefore('certificate_verify', 'certificate')),
  },
  'client-certificate-verify-before-key-exchange': {
    shown: 'CertificateVerify (sent before ClientKeyExchange)',
    edits: inTls12(moveBefore('certificate_verify', 'client_key_exchange')),
  },
  'client-certificate-twice': {
    shown: 'Certificate (sent twice)',
    edits: inBoth(repeat('certificate')),
  },
  'client-certificate-verify-twice': {
    shown: 'CertificateVerify (sent twice)',
    edits: inBoth(repeat('certificate_verify')),
  },
  'client-key-exchange-left-out': {
    shown: 'ClientKeyExchange (left out)',
    edits: inTls12(leaveOut('client_key_exchange')),
  },
  'client-change-cipher-spec-left-out': {
    shown: 'ChangeCipherSpec (left out)',
    edits: inTls12(leaveOut('change_cipher_spec')),
  },
  'client-change-cipher-spec-before-certificate-verify': {
    shown: 'ChangeCipherSpec (sent before CertificateVerify)',
    edits: inTls12(moveBefore('change_cipher_spec', 'certificate_verify')),
  },
  'client-change-cipher-spec-of-two': {
    shown: 'ChangeCipherSpec (of the value 2)',
    edits: inBoth(alterBody('change_cipher_spec', () => Uint8Array.of(2))),
  },
  'client-sends-message-of-server': {
    shown: 'a message that only servers send (before Finished)',
    edits: {
      'TLSv1.3': { client: beforeFinished('encrypted_extensions', encodeVector(2)) },
      'TLSv1.2': { client: insertBefore('certificate_verify', message('server_hello_done')) },
    },
  },
  'client-sends-hello-in-flight': {
    shown: 'ClientHello (sent again before Certificate)',
    edits: inBoth(insertBefore('certificate', { name: 'client_hello', body: ({ sent }) => sent('client_hello') ?? Buffer.alloc(0) })),
  },
  'client-sends-key-update-before-finished': {
    shown: 'KeyUpdate (sent before Finished)',
    edits: inTls13(beforeFinished('key_update', Uint8Array.of(0))),
  },
  'client-sends-end-of-early-data-uninvited': {
    shown: 'EndOfEarlyData (sent, though no early data was)',
    edits: inTls13(insertBefore('certificate', message('end_of_early_data'))),
  },
  'client-sends-data-before-finished': {
    shown: 'application data (sent before Finished)',
    edits: inTls13(beforeFinished('application_data', Buffer.from('early'))),
  },
  'client-compressed-certificate-unasked': {
    shown: 'Certificate (sent as CompressedCertificate, which was not offered)',
    edits: inTls13(compressed),
    unfit: (context) =>
      requestedExtensions(context)?.has(extensionType.compress_certificate) === true ? 'it takes compressed certificates' : undefined,
  },
} as const satisfies EditedFlights<string>;

/** An empty message, or one of this body. */
function message(name: FlightMessage['name'], body: Uint8Array = Buffer.alloc(0)): FlightMessage {
  return { name, body: () => body };
}

function beforeFinished(name: FlightMessage['name'], body: Uint8Array): FlightEdit {
  return insertBefore('finished', message(name, body));
}

/** RFC 8879 4, with zlib. */
function compressed(messages: readonly FlightMessage[], context: FlightContext): readonly FlightMessage[] {
  const certificate = messages.find(({ name }) => name === 'certificate');
  const body = (at: FlightContext): Buffer => {
    const plain = certificate?.body(at) ?? Buffer.alloc(0);
    return Buffer.concat([encodeUint(2, 1), encodeUint(3, plain.length), encodeVector(3, deflateSync(plain))]);
  };
  return inOrder(insertBefore('certificate', { name: 'compressed_certificate', body }), leaveOut('certificate'))(messages, context);
}
