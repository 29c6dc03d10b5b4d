import { ByteCursor } from '../../../wire/byte-cursor.ts';
import { inOrder } from '../../../wire/engine/edits.ts';
import { cipherSuiteNumber } from '../../../wire/engine/registry-numbers.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { protocolVersion } from '../../../wire/registry/protocol-versions.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { withCipherSuites } from '../hello-edits.ts';
import { alterExtensions, type Extension } from '../message-extensions.ts';
import type { EditedFlights } from './edited-flight.ts';

const suitesOf12 = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
].map(cipherSuiteNumber);

/** A client of TLS 1.3 and 1.2 that goes back to 1.2 in its second ClientHello, with the ticket that it has offered as a pre-shared key. */
export const loweredVersion = {
  'second-hello-of-tls12-with-session': {
    shown: 'second ClientHello (of TLS 1.2, with a session of TLS 1.3)',
    handshake: 'session-of-tls13',
    retries: true,
    offer: inOrder(
      withCipherSuites(suitesOf12),
      alterExtensions('client_hello', (extensions) => [
        ...extensionsOf12.filter(({ type }) => !extensions.some((extension) => extension.type === type)),
        ...extensions.map((extension) => (extension.type === extensionType.supported_versions ? bothVersions : extension)),
      ]),
    ),
    edits: { 'TLSv1.3': { 'second-hello': alterExtensions('client_hello', inTls12) } },
  },
} as const satisfies EditedFlights<string>;

/** Without the extensions of TLS 1.3, and with its ticket where TLS 1.2 has those (RFC 5077 3.2). */
function inTls12(extensions: readonly Extension[]): readonly Extension[] {
  const offered = extensions.find(({ type }) => type === extensionType.pre_shared_key)?.content ?? new Uint8Array(0);
  const ticket = new ByteCursor(offered).vector(2).vector(2);
  return [
    ...extensions.filter(({ type }) => !ofTls13.has(type)),
    { type: extensionType.session_ticket, content: ticket.take(ticket.remaining) },
  ];
}

const bothVersions: Extension = {
  type: extensionType.supported_versions,
  content: encodeVector(1, encodeUint(2, protocolVersion['TLSv1.3']), encodeUint(2, protocolVersion['TLSv1.2'])),
};

/** RFC 5746, RFC 7627, RFC 8422. */
const extensionsOf12: readonly Extension[] = [
  { type: extensionType.renegotiation_info, content: encodeVector(1) },
  { type: extensionType.extended_master_secret, content: new Uint8Array(0) },
  { type: extensionType.ec_point_formats, content: encodeVector(1, Uint8Array.of(0)) },
];

const ofTls13: ReadonlySet<number> = new Set([
  extensionType.supported_versions,
  extensionType.key_share,
  extensionType.cookie,
  extensionType.psk_key_exchange_modes,
  extensionType.pre_shared_key,
]);
