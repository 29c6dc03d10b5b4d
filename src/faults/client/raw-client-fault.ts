import type { Socket } from 'node:net';
import { encodeClientHello, type TlsVersion } from '../../wire/hello/encode-client-hello.ts';
import { encodeAlert, encodeRecord } from '../../wire/tls-encoding.ts';
import type { ClientFault, EngineClientKind, RealClientKind } from './client-fault.ts';
import type { ParsedClientFault } from './client-fault-options.ts';
import type { OutcomeWatch } from './client-fault-outcome.ts';
import { garbage, oversizedRecord, repeated } from '../fault-bytes.ts';
import { modernVersions } from '../real-peer.ts';

/** A fault that no real client is needed for. */
export type BareFault = Exclude<ClientFault, { readonly kind: RealClientKind | EngineClientKind }>;

/** Sends the bytes of a fault that needs no keys, and leaves as it says. */
export function sendRawFault(socket: Socket, fault: BareFault, options: ParsedClientFault, watch: OutcomeWatch): void {
  const { host, port, servername, plaintextRequest } = options;
  const hello = (versions: readonly TlsVersion[] = versionsOf(options)): Buffer => encodeClientHello({ servername, versions });
  const count = fault.kind === 'warning-alert-flood' ? fault.count : 0;
  const { bytes, afterwards } = rawFaults[fault.kind]({ host, port, servername, plaintextRequest, hello, count });
  const onSent = (error?: Error | null): void => {
    if (error) return; // the watch has seen it
    watch.faultSent = true;
    if (afterwards === 'reset') watch.reset();
  };
  if (afterwards === 'finish') socket.end(bytes, onSent);
  else socket.write(bytes, onSent);
}

/** What to send, and whether to wait then, to end the stream or to reset the connection. */
interface RawFault {
  readonly bytes: Uint8Array;
  readonly afterwards: 'wait' | 'finish' | 'reset';
}

function versionsOf({ minVersion, maxVersion }: ParsedClientFault): TlsVersion[] {
  return modernVersions.filter((version) => version >= minVersion && version <= maxVersion); // their names sort as they do
}

function wait(bytes: Buffer): RawFault {
  return { bytes, afterwards: 'wait' };
}

function finish(bytes: Buffer): RawFault {
  return { bytes, afterwards: 'finish' };
}

function reset(bytes: Buffer): RawFault {
  return { bytes, afterwards: 'reset' };
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length >> 1);
}

/** What the bytes of a fault are made of. */
interface Material {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly plaintextRequest: string | Uint8Array | undefined;
  /** A well-formed ClientHello, of the versions of the options unless said. */
  readonly hello: (versions?: readonly TlsVersion[]) => Buffer;
  /** How often something is sent, where the fault says so. */
  readonly count: number;
}

const rawFaults: { readonly [K in BareFault['kind']]: (material: Material) => RawFault } = {
  'plaintext-http': ({
    port,
    servername,
    plaintextRequest = `GET / HTTP/1.1\r\nHost: ${servername}:${port}\r\nConnection: close\r\n\r\n`,
  }) => wait(typeof plaintextRequest === 'string' ? Buffer.from(plaintextRequest, 'latin1') : Buffer.from(plaintextRequest)),
  'http-connect': ({ host, port }) => wait(Buffer.from(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`, 'latin1')),
  garbage: () => wait(garbage()),
  'zero-bytes': () => wait(Buffer.alloc(64)),
  'sslv2-hello': () => wait(sslv2Hello()),
  'application-data-first': () => wait(encodeRecord('application_data', Buffer.alloc(32))),
  'connect-and-close': () => finish(Buffer.alloc(0)),
  'truncated-client-hello': ({ hello }) => finish(half(hello())),
  'stalled-handshake': ({ hello }) => wait(half(hello())),
  'close-after-client-hello': ({ hello }) => finish(hello()),
  'reset-after-client-hello': ({ hello }) => reset(hello()),
  'random-bytes-after-hello': ({ hello }) => wait(Buffer.concat([hello(), garbage()])),
  'oversized-record': () => wait(oversizedRecord()),
  'warning-alert-flood': ({ hello, count }) => wait(Buffer.concat([hello(), repeated(encodeAlert('user_canceled', 'warning'), count)])),
  'client-hello-tls10': ({ hello }) => wait(hello(['TLSv1'])),
  'client-hello-tls11': ({ hello }) => wait(hello(['TLSv1.1'])),
};

/** SSL 2.0's CLIENT-HELLO for versions up to 2.0, with its seven ciphers of three octets and a challenge of 16. */
function sslv2Hello(): Buffer {
  return Buffer.concat([
    Buffer.from([0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16]),
    Buffer.from('0100800200800300800400800500800600400700c0', 'hex'),
    Buffer.alloc(16, 0x5a),
  ]);
}
