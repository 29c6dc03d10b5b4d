import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { after } from '../../clock/real-clock.ts';
import { invalidOption, textOf } from '../../errors/index.ts';
import { decodeX509SvidResponse, type X509SvidResponse } from '../protocol/messages.ts';

/** What a watch reports. */
export interface WatchEvents {
  readonly onUpdate: (update: X509SvidResponse) => void;
  /** An end of the stream, after which it is opened again unless `isFinal`. */
  readonly onEnd: (end: { readonly code: string; readonly problem: string; readonly isFinal: boolean }) => void;
}

/** Watches the X509-SVIDs of a Workload API, and connects again when the stream ends, until it is stopped. */
export function watchX509Svids(target: string, { onUpdate, onEnd }: WatchEvents): { readonly stop: () => void } {
  const client = new Client(target, credentials.createInsecure());
  const header = new Metadata();
  header.set('workload.spiffe.io', 'true');
  let cancelPause: (() => void) | undefined;
  let cancelStream: (() => void) | undefined;
  let isStopped = false;
  const open = (): void => {
    const stream = client.makeServerStreamRequest(path, same, decodeX509SvidResponse, Buffer.alloc(0), header);
    let hasEnded = false;
    const end = (code: string, problem: string): void => {
      if (isStopped || hasEnded) return;
      hasEnded = true;
      const isFinal = code === 'INVALID_ARGUMENT';
      if (!isFinal) cancelPause = after(pause, open, { unref: true });
      onEnd({ code, problem, isFinal });
    };
    cancelStream = () => stream.cancel();
    stream.on('data', onUpdate);
    stream.on('error', (error: ServiceError) => end(status[error.code] ?? 'UNKNOWN', error.message));
    stream.on('end', () => end('OK', 'the stream ended'));
  };
  open();
  return {
    stop: () => {
      isStopped = true;
      cancelPause?.();
      cancelStream?.();
      client.close();
    },
  };
}

/** The name that gRPC has for an endpoint (Workload Endpoint 4). Throws `OPTION_INVALID`. */
export function targetOf(address: unknown): string {
  const [, socket] = /^unix:(?:\/\/)?(\/[^/].*)$/u.exec(textOf(address)) ?? [];
  if (socket !== undefined) return `unix:${socket}`;
  const [, place] = /^tcp:\/\/((?:\d{1,3}\.){3}\d{1,3}:\d{1,5}|\[[\da-f:.]+\]:\d{1,5})$/iu.exec(textOf(address)) ?? [];
  if (place !== undefined) return `${place.startsWith('[') ? 'ipv6' : 'ipv4'}:${place}`;
  throw invalidOption('address', address, 'unix:///path or tcp://<IP address>:<port>, by default of SPIFFE_ENDPOINT_SOCKET');
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

const path = '/SpiffeWorkloadAPI/FetchX509SVID';
/** Before the stream is opened again, in milliseconds: an API of a test is back soon. */
const pause = 50;
