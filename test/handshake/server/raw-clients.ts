import { once } from 'node:events';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Identity, ObservedServer } from '../../../src/index.ts';

/** The session of one connection of plain node:tls. */
export async function sessionOf(
  server: ObservedServer,
  identity: Identity | undefined,
  options: { servername: string; trust: { anchors: string } },
): Promise<Buffer> {
  const { trust, ...others } = options;
  const credentials = identity && { key: identity.keyPem, cert: identity.chainPem };
  const socket = tls.connect({ host: server.host, port: server.port, ca: trust.anchors, ...credentials, ...others });
  const session = once(socket, 'session');
  await once(socket, 'secureConnect');
  socket.write('x');
  const [ticket] = (await session) as [Buffer];
  socket.destroy();
  return ticket;
}

/** The names in the certificate that is presented to a hello in records of so many octets, each in a segment of its own. */
export async function certificateFor(server: ObservedServer, options: tls.ConnectionOptions, octets: number): Promise<string | undefined> {
  const raw = net.connect(server.port, server.host);
  await once(raw, 'connect');
  raw.setNoDelay(true);
  let isFirst = true;
  const split = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      if (isFirst) for (const record of recordsOf(chunk, octets)) raw.write(record);
      else raw.write(chunk);
      isFirst = false;
      done();
    },
  });
  raw.on('data', (chunk) => split.push(chunk));
  raw.on('end', () => split.push(null));
  raw.on('error', () => {});
  const socket = tls.connect({ ...options, socket: split, rejectUnauthorized: false });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  const names = socket.getPeerX509Certificate()?.subjectAltName;
  raw.destroy();
  return names;
}

/** One handshake message in several records (RFC 8446 5.1). */
function recordsOf(record: Buffer, octets: number): Buffer[] {
  const fragment = record.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < fragment.length; at += octets) {
    const part = fragment.subarray(at, at + octets);
    records.push(Buffer.concat([record.subarray(0, 3), Buffer.of(part.length >> 8, part.length & 255), part]));
  }
  return records;
}
