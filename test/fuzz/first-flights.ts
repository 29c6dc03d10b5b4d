import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { encodeClientHello } from '../../src/wire/hello/encode-client-hello.ts';
import { mutate } from './mutations.ts';
import { randomNumbers } from '../support/random-numbers.ts';

/** What a client sends and how it leaves. */
export interface FirstFlight {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
  readonly leaving: 'end' | 'reset';
}

/** Flights made of true hellos: whole and in odd pieces, cut off, doubled, with more behind them, changed, and no hellos at all. */
export async function firstFlights(): Promise<readonly FirstFlight[]> {
  const random = randomNumbers(6);
  const below = (limit: number): number => Math.floor(random() * limit);
  const hellos = [
    await nodesHello('TLSv1.3'),
    await nodesHello('TLSv1.2'),
    ...versions.map((each) => encodeClientHello({ servername: 'localhost', versions: each })),
  ];
  const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));
  const flights = hellos.flatMap((hello, index) => flightsOf(hello, `hello ${index}`, { noise: noise(300), at: below(hello.length) }));
  const others = [
    '',
    'GET / HTTP/1.1\r\n\r\n',
    '\0'.repeat(2000),
    '\x16'.repeat(300),
    '\x16\x03\x01\xff\xff',
    '\x80\x2e\x01\x00\x02',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ];
  return [
    ...flights,
    ...others.map((text, index) => flight(`no hello, ${index}`, [Buffer.from(text, 'latin1')])),
    ...repeat(150, (round) => flight(`a changed hello, ${round}`, [mutate(hellos, random)])),
    ...repeat(8, (round) => flight(`noise, ${round}`, [noise(1 + below(3000))])),
  ].flatMap((each, index) => (index % 5 === 0 ? [each, { ...each, name: `${each.name}, then a reset`, leaving: 'reset' }] : [each]));
}

/** What can be made of one hello. */
function flightsOf(hello: Buffer, name: string, { noise, at }: { readonly noise: Buffer; readonly at: number }): readonly FirstFlight[] {
  const cutOff = [1, 2, 5, 6, 11, at, hello.length - 1].map((length) =>
    flight(`${name} cut off after ${length}`, [hello.subarray(0, length)]),
  );
  const odd = [hello.subarray(0, 3), hello.subarray(3, 7), hello.subarray(7, 50), hello.subarray(50)];
  return [
    ...cutOff,
    flight(`${name} and nothing else`, [hello]),
    flight(`${name} octet by octet`, octets(hello)),
    flight(`${name} in odd pieces`, odd),
    flight(`${name} twice in one piece`, [Buffer.concat([hello, hello])]),
    flight(`${name} twice`, [hello, hello]),
    flight(`${name} and noise in one piece`, [Buffer.concat([hello, noise])]),
    flight(`${name} in records of 40 octets`, [inRecords(hello, 40)]),
    flight(`${name} and an alert`, [Buffer.concat([hello, Buffer.from('15030300020228', 'hex')])]),
    flight(`${name}, change_cipher_spec, data and an alert`, [hello, Buffer.from('140303000101170303000401020304150303000201ff', 'hex')]),
  ];
}

function repeat(times: number, make: (round: number) => FirstFlight): readonly FirstFlight[] {
  return Array.from({ length: times }, (_unused, round) => make(round));
}

/** Sends a flight, reads whatever comes, and waits until the connection is closed. */
export async function send(
  { pieces, leaving }: FirstFlight,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const socket = net.connect({ host, port, noDelay: true });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {}).resume();
  socket.once('connect', () => void sendPieces(socket, pieces, leaving));
  await closed;
}

async function sendPieces(socket: net.Socket, pieces: readonly Uint8Array[], leaving: FirstFlight['leaving']): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  if (leaving === 'reset') socket.resetAndDestroy();
  else socket.end();
}

/** What Node itself says first. */
async function nodesHello(version: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer> {
  const server = net.createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const client = tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    minVersion: version,
    maxVersion: version,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
  client.on('error', () => {});
  const [raw] = (await once(server, 'connection')) as [net.Socket]; // Node's documented argument
  const [hello] = (await once(raw, 'data')) as [Buffer]; // Node's documented argument
  raw.destroy();
  server.close();
  return hello;
}

/** A hello that was in one record, in several. */
function inRecords(hello: Buffer, size: number): Buffer {
  const fragment = hello.subarray(5);
  const pieces = Array.from({ length: Math.ceil(fragment.length / size) }, (_unused, index) =>
    fragment.subarray(index * size, (index + 1) * size),
  );
  return Buffer.concat(pieces.flatMap((piece) => [hello.subarray(0, 3), Uint8Array.of(0, piece.length), piece]));
}

function octets(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (octet) => Uint8Array.of(octet));
}

function flight(name: string, pieces: readonly Uint8Array[]): FirstFlight {
  return { name, pieces, leaving: 'end' };
}

const versions = [['TLSv1.3', 'TLSv1.2'], ['TLSv1'], ['TLSv1.2']] as const;
