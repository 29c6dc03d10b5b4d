import type tls from 'node:tls';
import { asError, invalidOption, type MtlsFixturesError, typeName } from '../../errors/index.ts';
import { isBytes } from '../../options/bytes.ts';

/** DER of an OCSP response, or a function that gives the one for the next handshake; nothing is stapled where it gives undefined. */
export type Staple = Uint8Array | (() => Uint8Array | undefined);

/**
 * Answers clients that ask for the certificate's status in the handshake (RFC 6066 8). A server that never staples gets no listener: with one, Node stops every handshake
 * to ask.
 */
export class Stapling {
  readonly #server: tls.Server;
  #staple: Staple | undefined;

  constructor(server: tls.Server) {
    this.#server = server;
  }

  /** From now on, and with this staple only. */
  answerWith(staple: Staple): void {
    const isListening = this.#staple !== undefined;
    this.#staple = staple;
    if (isListening) return;
    this.#server.on('OCSPRequest', (_certificate: Buffer, _issuer: Buffer, respond: Respond) => {
      try {
        const response = responseOf(this.#staple);
        respond(null, response);
      } catch (error) {
        respond(asError(error)); // thrown by the user's function: the handshake fails with it
      }
    });
  }
}

/** Refuses what is neither bytes nor a function. Whether the bytes are an OCSP response is up to the client. */
export function requireStaple(staple: unknown): void {
  if (staple !== undefined && !isBytes(staple) && typeof staple !== 'function') throw invalid(staple);
}

/** Node's types leave out that no response at all may be given. */
type Respond = (error: Error | null, response?: Buffer) => void;

function responseOf(staple: Staple | undefined): Buffer | undefined {
  const response = typeof staple === 'function' ? staple() : staple;
  if (response === undefined) return undefined;
  if (!isBytes(response)) throw invalid(response);
  return Buffer.from(response.buffer, response.byteOffset, response.length);
}

function invalid(value: unknown): MtlsFixturesError {
  return invalidOption(
    'staple',
    typeName(value),
    'the DER of an OCSP response, e.g. authority.ocspResponse(identity), or a function that gives it',
  );
}
