import type { Socket } from 'node:net';
import { after } from '../../clock/real-clock.ts';
import { type Alert, alertOf } from '../../wire/records/alert-record.ts';
import { ClientReader } from '../client/client-reader.ts';
import { isHttpRequest } from '../fault-bytes.ts';
import type { ClientConnection, OncePerConnection, ServerReaction } from './server-reaction.ts';

/** What a fault server counts. */
export interface FaultTally {
  connections: number;
  clientHellos: number;
  faultsShown: number;
  completedHandshakes: number;
  applicationData: number;
  plaintextConnections: number;
  plaintextRequests: number;
  readonly alerts: Alert[];
  ownFailure: string | undefined;
}

/** One client's connection to a fault server. */
export class FaultConnection implements ClientConnection {
  readonly socket: Socket;
  readonly #tally: FaultTally;
  readonly #once = new Set<OncePerConnection>();
  #hasAlerted = false;

  constructor(socket: Socket, tally: FaultTally) {
    this.socket = socket;
    this.#tally = tally;
  }

  /** Serves the connection until the client leaves, at most for `timeout` milliseconds. */
  serve(reaction: ServerReaction, timeout: number): void {
    const { socket } = this;
    this.#tally.connections += 1;
    const cancel = after(timeout, () => socket.destroy());
    socket.once('close', cancel);
    socket.on('error', () => {}); // clients that reset the connection are what a fault server expects; 'close' follows
    const reader = new ClientReader({
      onClientHello: (offer) => {
        this.#tally.clientHellos += 1;
        reaction.onClientHello?.(this, offer);
      },
      onAlert: (code) => this.receivedAlert(code),
      onPlaintext: (received) => {
        this.count('plaintextConnections');
        if (isHttpRequest(received)) this.count('plaintextRequests');
        if (reaction.onPlaintext) reaction.onPlaintext(this, received);
        else socket.end();
      },
    });
    socket.on('data', (chunk: Buffer) => reader.read(chunk));
    socket.on('end', () => {
      if (reaction.onEnd) reaction.onEnd(this);
      else socket.end();
    });
    reaction.onConnect?.(this);
  }

  count(event: OncePerConnection): void {
    if (this.#once.has(event)) return;
    this.#once.add(event);
    this.#tally[event] += 1;
  }

  failed(why: string): void {
    this.#tally.ownFailure = why;
  }

  receivedAlert(code: number): void {
    if (this.#hasAlerted || code === closeNotify || code === userCanceled) return;
    this.#hasAlerted = true;
    this.#tally.alerts.push(alertOf(code, 'client'));
    if (this.#tally.alerts.length > mostAlerts) this.#tally.alerts.shift();
  }
}

/** One a connection, and a client may connect again for as long as the server is there. */
const mostAlerts = 1000;
const closeNotify = 0;
const userCanceled = 90;
