import type tls from 'node:tls';
import type { Capture } from '../../../wire/tap/capture.ts';
import { decodeHandshake } from '../../../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../../wire/decode/decoded-message.ts';
import { recordsOf } from '../../../wire/records/tls-record.ts';
import type { SessionFacts } from '../../verdict/end-report.ts';
import { sentChain } from '../../verdict/presented-chain.ts';
import { agreedFacts } from '../../verdict/session-facts.ts';

/** What a handshake within a connection agreed on (RFC 5246 7.4.1.1), and what the client presented in it. */
export interface Renegotiated {
  readonly session: SessionFacts;
  readonly peerChain: readonly Uint8Array[] | undefined;
}

/** How many times a client has said hello in one connection, as far as that can be read. */
export function countHellos(capture: Capture): number {
  return messagesOf(capture).filter(isClientHello).length;
}

/** The facts of the last handshake of a connection. Node keeps the server name of the first one: that of the last is read from its hello, and absent where that cannot be read. */
export function renegotiatedFacts(tlsSocket: tls.TLSSocket, capture: Capture): Renegotiated {
  const messages = messagesOf(capture);
  const last = messages.findLastIndex(isClientHello);
  const hello = messages[last];
  const { servername: _first, ...agreed } = agreedFacts(tlsSocket);
  const servername = hello?.type === 'client_hello' && last > 0 ? hello.servername : undefined;
  const leaf = tlsSocket.getPeerX509Certificate();
  return {
    session: { ...agreed, ...(servername !== undefined && { servername }) },
    peerChain: leaf && ((last > 0 ? sentChain(messages.slice(last), 'client') : undefined) ?? [leaf.raw]),
  };
}

function messagesOf(capture: Capture): readonly DecodedMessage[] {
  return decodeHandshake(recordsOf(capture.chunks), { keyLog: capture.secrets.keyLog });
}

function isClientHello({ type }: DecodedMessage): boolean {
  return type === 'client_hello';
}
