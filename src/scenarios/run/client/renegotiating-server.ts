import { constants } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { after } from '../../../clock/real-clock.ts';
import { listen } from '../../../net/listen.ts';
import { nodeTls } from '../../../options/engine.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { RenegotiationSeen } from '../../assess/observation.ts';
import { handlerOf, type Respond } from './respond.ts';

/** A server of HTTP/1.1 over TLS 1.2 that can be told to renegotiate, with another certificate, before it answers. */
interface RenegotiatingServer {
  readonly port: number;
  /** Set to have requests from now on answered after a renegotiation. */
  renegotiates: boolean;
  /** What became of it. */
  readonly renegotiation: RenegotiationSeen;
  close(): Promise<void>;
}

/**
 * Starts it: a plain server of Node.js, since over a stream that is not a socket, as observed servers have it, a renegotiation by the server ends in a failed assertion of
 * Node.js (measured on 26.10).
 */
export async function startRenegotiatingServer({
  identity,
  second,
  trust,
  respond,
}: {
  readonly identity: Identity;
  readonly second: Identity;
  readonly trust: string;
  readonly respond: Respond | undefined;
}): Promise<RenegotiatingServer> {
  const https = process.getBuiltinModule('node:https');
  const state: RenegotiationState = { renegotiates: false, renegotiation: 'none' };
  const answer: unknown = handlerOf(respond); // it gets what HTTP/1.1 has
  const other = nodeTls().createSecureContext({ key: second.keyPem, cert: second.chainPem });
  const server = https.createServer(
    {
      key: identity.keyPem,
      cert: identity.chainPem,
      ca: trust,
      requestCert: true,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET, // with a ticket the client would resume, and be sent no certificate (measured on 26.10)
    },
    renegotiatingFirst(answer as RequestListener, { other, state }),
  );
  server.on('connection', (socket) => socket.on('error', () => {})); // a client that leaves is what is expected
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return Object.assign(state, { port, close: () => closeServer(server) });
}

interface RenegotiationState {
  renegotiates: boolean;
  renegotiation: RenegotiationSeen;
}

/** Answers after a renegotiation with the other certificate, once it is told to; where that does not succeed it ends the connection without an answer. */
function renegotiatingFirst(
  answer: RequestListener,
  { other, state }: { readonly other: SecureContext; readonly state: RenegotiationState },
): RequestListener {
  return (request, response) => {
    if (!state.renegotiates) {
      answer(request, response);
      return;
    }
    const socket = request.socket as TLSSocket; // every socket of an https server is one
    state.renegotiation = 'ignored';
    socket.setKeyCert(other);
    renegotiate(socket, response, (seen) => {
      state.renegotiation = seen;
      if (seen === 'completed') answer(request, response);
      else socket.destroy();
    });
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A client may ignore the request for it (RFC 5246 7.4.1.1), which only a time-out shows. */
function renegotiate(socket: TLSSocket, response: ServerResponse, settle: (seen: RenegotiationSeen) => void): void {
  let isSettled = false;
  const once = (seen: RenegotiationSeen): void => {
    if (isSettled) return;
    isSettled = true;
    cancel();
    settle(seen);
  };
  const cancel = after(patienceMs, () => once('ignored'), { unref: true });
  response.on('close', () => once('refused'));
  socket.renegotiate({}, (error) => once(error ? 'refused' : socket.isSessionReused() ? 'ignored' : 'completed'));
}

const patienceMs = 1000;
