import type { Incoming } from '../channel/incoming.ts';
import type { ClientOptions, ServerOptions } from '../peer-options.ts';
import { finished } from '../standard-messages.ts';
import { certificateRequest, freshContext, readCertificateRequest } from './messages/certificate-request.ts';
import { clientProof } from './client-proof.ts';
import { readClientProof } from './read-client-proof.ts';
import type { Tls13State } from './tls13-state.ts';

/** How a server asks for the client's certificate after the handshake. */
export interface ClientAuthentication {
  /** Gives the client's certificates; application data that comes before them goes to `data`. */
  request(state: Tls13State, data: (bytes: Buffer) => void): Promise<readonly Uint8Array[]>;
}

/** Client: answers with its certificate, the proof and a Finished, over the transcript of the handshake and the request (RFC 8446 4.6.2). */
export async function answerCertificateRequest(state: Tls13State, message: Incoming, options: ClientOptions): Promise<void> {
  const isOffered = options.postHandshakeAuth === true;
  state.channel.require('unexpected-message', isOffered, 'CertificateRequest came, where that was not offered', 'unexpected_message');
  const request = readCertificateRequest(state, message);
  await overTranscript(state, async () => {
    state.accept(message);
    await state.sendFlight('post-handshake', [...clientProof(state, request), finished]);
  });
}

/** Server: asks, and verifies the answer. */
export function clientAuthentication(options: ServerOptions): ClientAuthentication {
  const request: ClientAuthentication['request'] = (state, data) =>
    overTranscript(state, async () => {
      const context = freshContext();
      await state.sendFlight('post-handshake', [certificateRequest(state, options, context)]);
      return readClientProof(state, options, { context, data });
    });
  return { request };
}

/** What is said after the handshake follows its transcript, and is not part of that of the next request. */
async function overTranscript<T>(state: Tls13State, exchange: () => Promise<T>): Promise<T> {
  const before = state.transcript;
  state.useTranscript(before.copy());
  try {
    return await exchange();
  } finally {
    state.useTranscript(before);
  }
}
