import type { Socket } from 'node:net';
import type { ClientOffer } from '../../wire/hello/client-offer.ts';
import { encodeServerHello, encodeTls12ServerHello } from '../../wire/hello/encode-server-hello.ts';
import { handshakeType } from '../../wire/registry/handshake-types.ts';
import { protocolVersion } from '../../wire/registry/protocol-versions.ts';
import { encodeAlert, encodeHandshakeMessage, encodeRecords, encodeUint } from '../../wire/tls-encoding.ts';
import { garbage, isHttpRequest, mayBecomeHttpRequest, oversizedRecord, repeated } from '../fault-bytes.ts';
import type { EngineServerKind, RealServerKind, ServerFault } from './server-fault.ts';
import type { ClientConnection, ServerReaction } from './server-reaction.ts';

/** A fault that needs no real server behind it. */
type BareFault = Exclude<ServerFault, { readonly kind: RealServerKind | EngineServerKind }>;

/** The faults that need no keys: bytes and ends of stream. */
export function reactionTo(fault: BareFault): ServerReaction {
  const react = reactions[fault.kind] as (fault: BareFault) => ServerReaction; // the one that takes faults of its kind
  return react(fault);
}

function atConnect(act: (socket: Socket) => void): ServerReaction {
  return {
    onConnect: (connection) => {
      connection.count('faultsShown');
      act(connection.socket);
    },
  };
}

/** To a client that does not offer the versions that a fault is about, the answer is another fault. */
function atClientHello(act: (socket: Socket, offer: ClientOffer) => void, about: readonly number[] = []): ServerReaction {
  return {
    onClientHello: (connection, offer) => {
      if (about.every((version) => offer.versions.includes(version))) connection.count('faultsShown');
      act(connection.socket, offer);
    },
  };
}

function answerPlaintext({ socket }: ClientConnection, received: Buffer): void {
  if (socket.writableEnded) return;
  if (isHttpRequest(received)) socket.end(ok);
  else if (!mayBecomeHttpRequest(received)) socket.end(badRequest);
}

function ignore(): void {}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

/** One certificate of zeros in a Certificate message of TLS 1.2 whose body has `length` octets (RFC 5246 7.4.2). */
function certificateMessage(length: number): Buffer {
  const body = Buffer.concat([encodeUint(3, length - 3), encodeUint(3, length - 6), Buffer.alloc(length - 6)]);
  return encodeRecords('handshake', encodeHandshakeMessage(handshakeType.certificate, body));
}

const reactions: { readonly [K in BareFault['kind']]: (fault: Extract<BareFault, { readonly kind: K }>) => ServerReaction } = {
  stall: () => ({ ...atConnect(ignore), onPlaintext: ignore }),
  'close-on-connect': () => atConnect((socket) => socket.end()),
  'reset-on-connect': () => atConnect((socket) => socket.resetAndDestroy()),
  'close-after-client-hello': () => atClientHello((socket) => socket.end()),
  'reset-after-client-hello': () => atClientHello((socket) => socket.resetAndDestroy()),
  'half-server-hello': () => atClientHello((socket, offer) => socket.write(half(encodeServerHello(offer)))),
  'truncated-server-hello': () => atClientHello((socket, offer) => socket.end(half(encodeServerHello(offer)))),
  'server-hello-then-silence': () => atClientHello((socket, offer) => socket.write(encodeServerHello(offer))),
  garbage: () => atClientHello((socket) => socket.write(garbage())),
  'plaintext-http': () => ({ ...atClientHello((socket) => socket.end(badRequest)), onPlaintext: answerPlaintext }),
  banner: ({ text }) => ({ ...atConnect((socket) => socket.write(text)), onPlaintext: ignore }),
  alert: ({ alert, level = 'fatal' }) => atClientHello((socket) => socket.end(encodeAlert(alert, level))),
  'warning-alert-flood': ({ count }) => atClientHello((socket) => socket.write(repeated(encodeAlert('user_canceled', 'warning'), count))),
  'oversized-record': () => atClientHello((socket) => socket.write(oversizedRecord())),
  'oversized-certificate': ({ bytes }) =>
    atClientHello((socket, offer) => socket.write(Buffer.concat([encodeTls12ServerHello(offer), certificateMessage(bytes)])), [tls12]),
  'downgrade-marker': () =>
    atClientHello((socket, offer) => socket.write(encodeTls12ServerHello(offer, Buffer.from(downgradeMarker, 'latin1'))), [tls12, tls13]),
};

const tls12 = protocolVersion['TLSv1.2'];
const tls13 = protocolVersion['TLSv1.3'];

/** What Node's own http server answers to a ClientHello (measured on Node 26.10). */
const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\nplaintext';
/** "DOWNGRD" and 1: from a server that knows TLS 1.3 and negotiates 1.2 (RFC 8446 4.1.3). */
const downgradeMarker = 'DOWNGRD\u{1}';
