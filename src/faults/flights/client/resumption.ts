import { alterRaw, insertBefore } from '../../../wire/engine/edits.ts';
import type { FlightEdit } from '../../../wire/engine/flight.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { withEmptyExtension, withoutExtension } from '../hello-edits.ts';
import type { EditedFlights } from './edited-flight.ts';

/** Sessions that are resumed in another way than they may be. */
export const resumption = {
  'resumed-session-with-certificate': {
    shown: 'Certificate (sent in a resumed handshake)',
    handshake: 'session',
    edits: { 'TLSv1.3': { client: withCertificate() } },
    unfit: ({ agreed }) => (agreed.resumed ? undefined : 'the server does not resume its session'),
  },
  'resumed-session-wrong-binder': {
    shown: 'ClientHello (with a wrong binder of its session)',
    handshake: 'session',
    // The binders are the last field of the last extension (RFC 8446 4.2.11).
    edits: {
      'TLSv1.3': {
        hello: alterRaw('client_hello', (hello) => Buffer.concat([hello.subarray(0, -1), Uint8Array.of((hello.at(-1) ?? 0) ^ 1)])),
      },
    },
  },
  'resumed-session-without-extended-master-secret': {
    shown: 'ClientHello (without extended_master_secret, which the session has)',
    handshake: 'session',
    skipped: ['extended-master-secret', 'ticket-extended-master-secret', 'unsolicited-extension'],
    edits: {
      'TLSv1.2': {
        hello: withoutExtension('extended_master_secret'),
      },
    },
  },
  'resumed-session-with-extended-master-secret': {
    shown: 'ClientHello (with extended_master_secret, which the session does not have)',
    handshake: 'session',
    extendedMasterSecret: false,
    skipped: ['ticket-extended-master-secret'],
    edits: {
      'TLSv1.2': {
        hello: withEmptyExtension('extended_master_secret'),
      },
    },
  },
  // The exchange offers the session; the flights themselves are those of a conforming client.
  'resumed-session-of-tls13-in-tls12': {
    shown: 'ClientHello (with a session of TLS 1.3)',
    handshake: 'session-of-tls13',
    skipped: ['hello-cipher-suite', 'ticket-extended-master-secret'],
    edits: { 'TLSv1.2': { hello: (messages) => messages, client: (messages) => messages } },
  },
} as const satisfies EditedFlights<string>;

/** The client's own chain, which the session has shown already (RFC 8446 4.4.2). */
function withCertificate(): FlightEdit {
  return insertBefore('finished', {
    name: 'certificate',
    body: ({ credential }) => {
      const entries = (credential?.certificates ?? []).map((certificate) => Buffer.concat([encodeVector(3, certificate), encodeVector(2)]));
      return Buffer.concat([encodeUint(1, 0), encodeVector(3, ...entries)]);
    },
  });
}
