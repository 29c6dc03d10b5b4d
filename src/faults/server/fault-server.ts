import type { AddressInfo, Server, Socket } from 'node:net';
import { namedUrlHost, reachableAddress } from '../../net/addresses.ts';
import { makeComparable, original } from '../../pki/comparable.ts';
import type { Alert } from '../../wire/records/alert-record.ts';
import { FaultConnection, type FaultTally } from './fault-connection.ts';
import type { ServerFault } from './server-fault.ts';
import type { ServerReaction } from './server-reaction.ts';

/** What a {@link FaultServer} is made of, beside its TCP server. */
interface FaultServerParts {
  readonly fault: ServerFault;
  readonly reaction: ServerReaction;
  readonly timeout: number;
}

/** The fault server on a TCP server that listens. */
export function faultServerOn(server: Server, parts: FaultServerParts): FaultServer {
  return create(server, parts);
}

let create: (server: Server, parts: FaultServerParts) => FaultServer;

/** A server that misbehaves towards every client in one way, and counts what clients do. `startFaultServer()` starts one. Close it, or hold it with `await using`. */
export class FaultServer {
  static {
    create = (server: Server, parts: FaultServerParts): FaultServer => new FaultServer(server, parts);
  }

  readonly fault: ServerFault;
  /** The address to connect to. A server bound to every address is reached by loopback. */
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #tally: FaultTally = {
    connections: 0,
    clientHellos: 0,
    faultsShown: 0,
    completedHandshakes: 0,
    applicationData: 0,
    plaintextConnections: 0,
    plaintextRequests: 0,
    alerts: [],
    ownFailure: undefined,
  };
  readonly #open = new Set<Socket>();
  #onceEmpty: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  private constructor(server: Server, parts: FaultServerParts) {
    const { address, port } = server.address() as AddressInfo; // it listens on TCP
    this.fault = parts.fault;
    this.host = reachableAddress(address);
    this.port = port;
    this.#server = server;
    makeComparable(this, {});
    server.on('error', () => {}); // a failure to accept one connection concerns that connection alone
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#ended(socket));
      new FaultConnection(socket, this.#tally).serve(parts.reaction, parts.timeout);
    });
  }

  /** `https://localhost:<port>`; the bound address in place of localhost where that is not loopback. */
  get url(): string {
    return `https://${namedUrlHost(this.host)}:${this.port}`;
  }

  /** TCP connections seen. */
  get connections(): number {
    return original(this).#tally.connections;
  }

  /** Connections on which a whole ClientHello came. */
  get clientHellos(): number {
    return original(this).#tally.clientHellos;
  }

  /** Connections on which the client got to see the fault; what happened on others says nothing about it. */
  get faultsShown(): number {
    return original(this).#tally.faultsShown;
  }

  /** Handshakes that the real server behind some faults has seen completed. */
  get completedHandshakes(): number {
    return original(this).#tally.completedHandshakes;
  }

  /** `edited-flight`: connections on which the client has sent application data: it went on in spite of the fault. */
  get applicationData(): number {
    return original(this).#tally.applicationData;
  }

  /** `edited-flight`: why the server itself gave up on a client, of the last one where it did. What such a client does says nothing about the fault. */
  get ownFailure(): string | undefined {
    return original(this).#tally.ownFailure;
  }

  /** Connections whose client began with something other than TLS. */
  get plaintextConnections(): number {
    return original(this).#tally.plaintextConnections;
  }

  /** HTTP requests in the clear: what a client sends that falls back from TLS. */
  get plaintextRequests(): number {
    return original(this).#tally.plaintextRequests;
  }

  /** The alerts that clients sent, the last 1000: in the clear, or read by the real server behind some faults. Neither close_notify nor user_canceled. */
  get alerts(): readonly Alert[] {
    return [...original(this).#tally.alerts];
  }

  /** Resolves once no connection is open, at once if none is: from then on the counts of what has happened so far are final. */
  async connectionsEnded(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onceEmpty.push(resolve);
    });
  }

  /** Ends every connection at once and releases the port. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#open) socket.destroy();
    });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ended(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size > 0) return;
    const waiting = this.#onceEmpty;
    this.#onceEmpty = [];
    for (const resolve of waiting) resolve();
  }
}
