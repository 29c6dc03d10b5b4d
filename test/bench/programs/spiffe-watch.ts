import { Client, type ClientReadableStream, credentials, Metadata } from '@grpc/grpc-js';

/** A client of a Workload API, on a connection of its own. */
export interface Watcher {
  /** Waits until it is connected. */
  readonly ready: () => Promise<void>;
  /** Opens the stream of X509-SVIDs. */
  readonly start: (onMessage: () => void) => void;
  readonly stop: () => void;
}

/** Makes one, which connects when it is used. */
export function watch(address: string): Watcher {
  const client = new Client(address.replace('unix://', 'unix:'), credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  let stream: ClientReadableStream<Buffer> | undefined;
  return {
    ready: () =>
      new Promise((resolve, reject) => {
        client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
      }),
    start: (onMessage) => {
      const header = new Metadata();
      header.set('workload.spiffe.io', 'true');
      const same = (bytes: Buffer): Buffer => bytes;
      stream = client.makeServerStreamRequest('/SpiffeWorkloadAPI/FetchX509SVID', same, same, Buffer.alloc(0), header);
      stream.on('data', onMessage);
      stream.on('error', () => {}); // of the end that is asked for; another one is missed by those who wait
    },
    stop: () => {
      stream?.cancel();
      client.close();
    },
  };
}
