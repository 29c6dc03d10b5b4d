import { createPublicKey } from 'node:crypto';
import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { readExtensionFields, readServerHelloFields } from '../../../wire/hello/hello-fields.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { alterExtensions } from '../message-extensions.ts';
import { type EditedFlights, inBoth } from './edited-flight.ts';

/** Raw public keys (RFC 7250) where a certificate is due: the signature is right, and no authority stands behind the key. */
export const rawPublicKeys = {
  'client-raw-public-key-unasked': {
    shown: 'Certificate (a raw public key, which was not spoken of)',
    edits: inBoth(alterBody('certificate', rawPublicKey)),
  },
  'client-raw-public-key-not-selected': {
    shown: 'Certificate (a raw public key, which the server has not selected)',
    offer: alterExtensions('client_hello', (extensions) => [
      ...extensions,
      { type: extensionType.client_certificate_type, content: encodeVector(1, Uint8Array.of(x509, raw)) },
    ]),
    skipped: ['unsolicited-extension'],
    edits: inBoth(alterBody('certificate', rawPublicKey)),
    unfit: (context) => (selectedType(context) === raw ? 'it selects raw public keys of clients' : undefined),
  },
} as const satisfies EditedFlights<string>;

/** A Certificate with the key of the credential in place of its chain: TLS 1.2 has it without a list (RFC 7250 3), TLS 1.3 as an entry (RFC 8446 4.4.2). */
function rawPublicKey(body: Buffer, { credential, version }: FlightContext): Buffer {
  if (!credential) return body; // there is no key without one
  const key = encodeVector(3, createPublicKey(credential.privateKey).export({ type: 'spki', format: 'der' }));
  return version === 'TLSv1.2' ? key : Buffer.concat([encodeUint(1, 0), encodeVector(3, key, encodeVector(2))]);
}

/** What the server has selected, in EncryptedExtensions or, in TLS 1.2, in ServerHello; undefined where it says nothing, which stands for X.509. */
function selectedType({ version, received }: FlightContext): number | undefined {
  const cursor = new ByteCursor(received(version === 'TLSv1.2' ? 'server_hello' : 'encrypted_extensions') ?? new Uint8Array(0));
  const extensions = version === 'TLSv1.2' ? readServerHelloFields(cursor).extensions : readExtensionFields(cursor);
  return extensions.byType.get(extensionType.client_certificate_type)?.[0];
}

/** RFC 7250 7. */
const x509 = 0;
const raw = 2;
