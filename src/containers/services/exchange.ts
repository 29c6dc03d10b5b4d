import net from 'node:net';
import tls from 'node:tls';
import { after } from '../../clock/real-clock.ts';
import { makePeerCertificateSafe } from '../../handshake/attempt/peer-certificate.ts';
import { nameOptions } from '../../net/addresses.ts';
import { negotiateStarttls, type StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import type { ContainerConnection } from '../mtls-wait.ts';

/** A few bytes of a service's own protocol, enough to see whether it accepts a client. */
export interface Exchange {
  /** What the client sends first; absent where the server sends first. */
  readonly request?: string | Uint8Array;
  /** Reads all bytes received so far: `true` for accepted, a text that says why it was rejected, undefined where more are needed. It may send an answer. */
  readonly judge: (received: Buffer, send: (bytes: Uint8Array) => void) => true | string | undefined;
  /** Asks for TLS in this protocol first. */
  readonly starttls?: StarttlsProtocol;
  readonly alpn?: string;
}

/** Connects with mutual TLS, sends a service's first message, and resolves when it accepts the client; rejects with what the service or TLS answered otherwise. */
export async function exchange(
  { host, port, tls: credential }: ContainerConnection,
  { request, judge, starttls, alpn }: Exchange,
): Promise<void> {
  const socket = net.connect({ host, port });
  try {
    await connected(socket);
    if (starttls) await negotiateStarttls(socket, { host, port, protocol: starttls, timeout: mostPerExchange });
    await new Promise<void>((resolve, reject) => {
      const secured = tls.connect({ socket, ...credential, ...nameOptions(host), ...(alpn !== undefined && { ALPNProtocols: [alpn] }) });
      makePeerCertificateSafe(secured);
      let received = Buffer.alloc(0);
      const cancel = after(mostPerExchange, () => fail(new Error(`no answer within ${mostPerExchange} ms`)));
      const fail = (error: Error): void => {
        cancel();
        secured.destroy();
        reject(error);
      };
      secured.on('error', fail);
      secured.on('close', () => fail(new Error('closed without an answer')));
      secured.on('data', (data: Buffer) => {
        received = Buffer.concat([received, data]);
        const judgement = judge(received, (bytes) => secured.write(bytes));
        if (judgement === undefined) return;
        if (judgement !== true) return fail(new Error(judgement));
        cancel();
        resolve();
        secured.destroy();
      });
      if (request !== undefined) secured.write(request);
    });
  } finally {
    socket.destroy();
  }
}

function connected(socket: net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}

/** Milliseconds. */
const mostPerExchange = 5000;
