import { Client, type ClientReadableStream, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { WorkloadApi } from '../../../src/spiffe/index.ts';

const { root } = protobuf.parse(
  `syntax = "proto3";
  message X509SVIDResponse { repeated X509SVID svids = 1; repeated bytes crl = 2; map<string, bytes> federated_bundles = 3; }
  message X509SVID { string spiffe_id = 1; bytes x509_svid = 2; bytes x509_svid_key = 3; bytes bundle = 4; string hint = 5; }
  message X509BundlesResponse { repeated bytes crl = 1; map<string, bytes> bundles = 2; }
  message JWTBundlesResponse { map<string, bytes> bundles = 1; }`,
  { keepCase: true },
);

/** A message as protobufjs reads it. */
type Message = Readonly<Record<string, unknown>>;

/** A stream of messages that a test takes one by one. */
export interface MessageStream extends Disposable {
  /** The next message, or the status that ended the stream. */
  next(): Promise<Message | { readonly status: string; readonly details: string }>;
  /** Reads nothing any more. */
  pause(): void;
  resume(): void;
}

/** Opens a stream of a Workload API by plain gRPC, its messages read by protobufjs. */
export function openStream(api: WorkloadApi, method: string, response: string): MessageStream {
  const client = new Client(api.address.replace('unix://', 'unix:').replace('tcp://', 'ipv4:'), credentials.createInsecure());
  const header = new Metadata();
  header.set('workload.spiffe.io', 'true');
  const type = root.lookupType(response);
  const decode = (bytes: Buffer): Message => type.toObject(type.decode(bytes), { bytes: Buffer, defaults: true });
  const stream: ClientReadableStream<Message> = client.makeServerStreamRequest(
    `/SpiffeWorkloadAPI/${method}`,
    (bytes: Buffer) => bytes,
    decode,
    Buffer.alloc(0),
    header,
  );
  const seen: Awaited<ReturnType<MessageStream['next']>>[] = [];
  const waiting: ((message: Awaited<ReturnType<MessageStream['next']>>) => void)[] = [];
  const arrived = (message: Awaited<ReturnType<MessageStream['next']>>): void => {
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else seen.push(message);
  };
  stream.on('data', arrived);
  stream.on('error', (error: ServiceError) => arrived({ status: status[error.code] ?? '', details: error.details }));
  return {
    next: () =>
      new Promise((resolve) => {
        const message = seen.shift();
        if (message) resolve(message);
        else waiting.push(resolve);
      }),
    pause: () => {
      stream.pause();
    },
    resume: () => {
      stream.resume();
    },
    [Symbol.dispose]: () => {
      stream.cancel();
      client.close();
    },
  };
}
