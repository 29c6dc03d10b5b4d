import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { PeerCheck } from '../../../wire/engine/peer-check.ts';
import type { FlightContext, FlightEdit, FlightEdits, MessageName } from '../../../wire/engine/flight.ts';

/** A flight of a client, and the one message in which it is not what a conforming client sends. */
export interface EditedFlight {
  /** The message, and what was done to it: `CertificateVerify (left out)`. */
  readonly shown: string;
  /** What is edited in each version in which it can be; absent where it cannot. */
  readonly edits: { readonly [Version in EngineVersion]?: FlightEdits };
  /**
   * What goes before, in the unedited flight too; default a full handshake. `session`: a session is resumed.
   * `session-of-tls13`: one of TLS 1.3 is offered in TLS 1.2, or in a first ClientHello behind which TLS 1.2 follows; the unedited flight offers none.
   */
  readonly handshake?: 'session' | 'session-of-tls13';
  /** TLS 1.3: whether the server is made to ask for another ClientHello, in the unedited flight too; default false. */
  readonly retries?: true;
  /** What each ClientHello offers besides, in the unedited flight too. */
  readonly offer?: FlightEdit;
  /** TLS 1.2: whether the client has extended_master_secret (RFC 7627), in the handshake that gives the session too; default true. */
  readonly extendedMasterSecret?: false;
  /** TLS 1.3: whether the client's certificate is sent compressed where the server takes that, in the unedited flight too; default false. */
  readonly compresses?: true;
  /** The kind of key that the client's certificate has to have; default any. */
  readonly key?: FlightKey;
  /** The message without which the flight goes as it is, and shows no fault. */
  readonly onlyWith?: MessageName;
  /** Whether data that answers the request neither in HTTP nor by an echo is read on from, to the end of the connection: an alert may follow what was sent early. */
  readonly readsOn?: true;
  /** What the client does not check, so that a server that takes the edited message for right is seen to. */
  readonly skipped?: readonly PeerCheck[];
  /** Why the edit would not be a fault towards this server; undefined where it is one. */
  readonly unfit?: (context: FlightContext) => string | undefined;
}

/** Kinds of keys that edits are made for. */
type FlightKey = 'ec-p256' | 'rsa-2048';

/** Flights by name. */
export type EditedFlights<Name extends string> = Readonly<Record<Name, EditedFlight>>;

/** The same edit of the flight with the client's Certificate, in both versions. */
export function inBoth(edit: FlightEdit): EditedFlight['edits'] {
  return { 'TLSv1.3': { client: edit }, 'TLSv1.2': { client: edit } };
}

/** An edit of the flight with the client's Certificate in TLS 1.3 alone. */
export function inTls13(edit: FlightEdit): EditedFlight['edits'] {
  return { 'TLSv1.3': { client: edit } };
}

/** An edit of the flight with the client's Certificate in TLS 1.2 alone. */
export function inTls12(edit: FlightEdit): EditedFlight['edits'] {
  return { 'TLSv1.2': { client: edit } };
}
