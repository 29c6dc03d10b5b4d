import type { Socket } from 'node:net';
import type { ClientOffer } from '../../wire/hello/client-offer.ts';

/** What a fault server does with the connection of a client. */
export interface ServerReaction {
  readonly onConnect?: (connection: ClientConnection) => void;
  readonly onClientHello?: (connection: ClientConnection, offer: ClientOffer) => void;
  /** At bytes of a client that does not speak TLS, with all that it sent so far; default: an end of stream. */
  readonly onPlaintext?: (connection: ClientConnection, received: Buffer) => void;
  /** At the client's end of stream; default: an end of stream. */
  readonly onEnd?: (connection: ClientConnection) => void;
}

/** The connection of a client, as far as a reaction needs it. */
export interface ClientConnection {
  readonly socket: Socket;
  /** Counts an event that happens at most once on a connection. */
  count(event: OncePerConnection): void;
  /** Notes the client's alert: one on a connection, since a real server may report the one that was read in the clear. */
  receivedAlert(code: number): void;
  /** Notes that the server gave up on the client by itself, not because the client left. */
  failed(why: string): void;
}

/** What is counted once for each connection. */
export type OncePerConnection = 'faultsShown' | 'completedHandshakes' | 'applicationData' | 'plaintextConnections' | 'plaintextRequests';
