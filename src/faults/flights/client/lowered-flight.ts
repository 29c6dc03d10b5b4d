import { plaintextHandshakeMessages } from '../../../wire/handshake-messages.ts';
import type { TlsRecord } from '../../../wire/records/tls-record.ts';
import { handshakeType } from '../../../wire/registry/handshake-types.ts';

/** What a server of TLS 1.2 goes on with behind its HelloRetryRequest, as far as it has come (RFC 5246 7.3). */
export interface LoweredFlight {
  /** Whether it resumes a session: it changes its keys without having sent a certificate. */
  readonly isResumed: boolean;
  /** Whether it asks for the client's certificate; undefined where it has not come to the end. */
  readonly isAsked: boolean | undefined;
}

/** Reads the flight that begins with the server's second hello. */
export function loweredFlightIn(records: readonly TlsRecord[]): LoweredFlight {
  const ofServer = records.filter(({ sentBy }) => sentBy === 'server');
  const [, hello] = ofServer.filter(({ type, fragment }) => type === 'handshake' && fragment[0] === handshakeType.server_hello);
  const flight = hello ? ofServer.slice(ofServer.indexOf(hello)) : [];
  const types = new Set(plaintextHandshakeMessages(flight, 'server').map(({ type }) => type));
  const isWhole = types.has(handshakeType.server_hello_done);
  return {
    isResumed: !types.has(handshakeType.certificate) && flight.some(({ type }) => type === 'change_cipher_spec'),
    isAsked: types.has(handshakeType.certificate_request) || (isWhole ? false : undefined),
  };
}
