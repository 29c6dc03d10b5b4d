import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { StarttlsProtocol } from '../../../src/wire/starttls/negotiate-starttls.ts';

/** A server's end of a connection on which nothing is encrypted yet. */
class Conversation {
  readonly socket: net.Socket;
  readonly #say: (socket: net.Socket, bytes: Buffer) => Promise<void>;

  constructor(socket: net.Socket, say: (socket: net.Socket, bytes: Buffer) => Promise<void>) {
    this.socket = socket;
    this.#say = say;
  }

  say(bytes: Uint8Array | string): Promise<void> {
    return this.#say(this.socket, Buffer.from(bytes as string)); // both kinds are taken
  }

  async octets(length: number): Promise<Buffer> {
    for (;;) {
      const bytes: unknown = length === 0 ? Buffer.alloc(0) : this.socket.read(length);
      if (bytes instanceof Buffer && bytes.length === length) return bytes;
      if (this.socket.readableEnded || this.socket.destroyed) throw new Error('the client has left');
      await Promise.race([once(this.socket, 'readable'), once(this.socket, 'close')]);
    }
  }

  async line(): Promise<string> {
    let line = '';
    while (!line.endsWith('\r\n')) line += (await this.octets(1)).toString('latin1');
    return line.slice(0, -2);
  }
}

/** What a server says before TLS. */
export type Script = (conversation: Conversation) => Promise<void>;

/** How bytes get on the wire. */
export const inOnePiece = async (socket: net.Socket, bytes: Buffer): Promise<void> => void socket.write(bytes);
export const octetByOctet = async (socket: net.Socket, bytes: Buffer): Promise<void> => {
  for (const octet of bytes) {
    socket.write(Uint8Array.of(octet));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** What a server of each protocol says that is willing to begin TLS; `goAhead` follows the client's request. */
export function willing(protocol: StarttlsProtocol, after: Uint8Array | string = ''): Script {
  return async (conversation) => {
    await openings[protocol](conversation);
    await conversation.say(Buffer.concat([goAheads[protocol], Buffer.from(after as string)])); // both kinds are taken
    if (protocol === 'mysql') await readSslRequest(conversation);
  };
}

/** A server that says what the script says and then hands the socket over; closed at the end of the block. */
export async function startClearTextServer(
  script: Script,
  {
    upgrade = () => {},
    say = inOnePiece,
    host = '127.0.0.1',
  }: { readonly upgrade?: (socket: net.Socket) => void; readonly say?: typeof inOnePiece; readonly host?: string } = {},
): Promise<AsyncDisposable & { readonly host: string; readonly port: number; readonly sockets: readonly net.Socket[] }> {
  const sockets: net.Socket[] = [];
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const conversation = new Conversation(socket, say);
    script(conversation).then(
      // One turn later: until then the socket takes its listeners for 'readable' to be there.
      () => setImmediate(() => upgrade(socket)),
      () => socket.destroy(),
    );
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    host,
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** MySQL's HandshakeV10 in its packet. */
export function mysqlGreeting({
  version = 10,
  capabilities = 0x0008_0000 | 0xaa00,
}: { version?: number; capabilities?: number } = {}): Buffer {
  const lower = Buffer.alloc(2);
  lower.writeUInt16LE(capabilities & 0xffff);
  const upper = Buffer.alloc(2);
  upper.writeUInt16LE(capabilities >>> 16);
  return mysqlPacket(
    Uint8Array.of(version),
    Buffer.from('11.4.2-Test\0'),
    Uint8Array.of(7, 0, 0, 0),
    Buffer.from('12345678\0'),
    lower,
    Uint8Array.of(45, 2, 0),
    upper,
    Uint8Array.of(21),
    Buffer.alloc(10),
    Buffer.from('123456789012\0mysql_native_password\0'),
  );
}

export function mysqlPacket(...parts: readonly Uint8Array[]): Buffer {
  const payload = Buffer.concat(parts);
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}

/** An LDAP ExtendedResponse with lengths of one octet. */
export function ldapResponse({ id = 1, operation = 0x78, code = 0, words = '' } = {}): Buffer {
  const text = Buffer.from(words);
  const result = Buffer.concat([Uint8Array.of(0x0a, 1, code, 0x04, 0, 0x04, text.length), text]);
  return Buffer.concat([Uint8Array.of(0x30, 5 + result.length, 0x02, 1, id, operation, result.length), result]);
}

/** The first line of a NATS server. */
export function natsInfo(facts: object): Buffer {
  return Buffer.from(`INFO ${JSON.stringify({ server_id: 'TEST', version: '2.15.1', proto: 1, ...facts })} \r\n`);
}

const openings: { readonly [Protocol in StarttlsProtocol]: Script } = {
  postgres: async (client) => expectHex(await client.octets(8), '0000000804d2162f'),
  mysql: async () => {},
  smtp: async (client) => {
    await client.say('220-mail.test ESMTP\r\n220 at your service\r\n');
    expectText(await client.line(), /^EHLO \S+$/u);
    await client.say('250-mail.test greets you\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n');
    expectText(await client.line(), /^STARTTLS$/u);
  },
  imap: async (client) => {
    await client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR] at your service\r\n');
    const [tag = ''] = expectText(await client.line(), /^(\S+) CAPABILITY$/u);
    await client.say(`* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n${tag.split(' ')[0]} OK done\r\n`);
    expectText(await client.line(), /^\S+ STARTTLS$/u);
  },
  // As OpenSSL's s_client writes it, with the message number 1 too.
  ldap: async (client) => {
    const head = await client.octets(2);
    const message = await client.octets(head[1] ?? 0);
    expectHex(Buffer.concat([head, message]), '301d02010177188016312e332e362e312e342e312e313436362e3230303337');
  },
  pop3: async (client) => {
    await client.say('+OK at your service\r\n');
    expectText(await client.line(), /^STLS$/u);
  },
  ftp: async (client) => {
    await client.say('220-Welcome\r\n  to the files\r\n220 at your service\r\n');
    expectText(await client.line(), /^AUTH TLS$/u);
  },
  nats: async () => {},
};

const goAheads: { readonly [Protocol in StarttlsProtocol]: Buffer } = {
  postgres: Buffer.from('S'),
  mysql: mysqlGreeting(),
  smtp: Buffer.from('220 2.0.0 go ahead\r\n'),
  imap: Buffer.from('a2 OK begin\r\n'),
  ldap: ldapResponse(),
  pop3: Buffer.from('+OK begin\r\n'),
  ftp: Buffer.from('234 begin\r\n'),
  nats: natsInfo({ tls_required: true }),
};

async function readSslRequest(client: Conversation): Promise<void> {
  const packet = await client.octets(36);
  const flags = packet.readUInt32LE(4);
  if (packet.readUIntLE(0, 4) !== 0x0100_0020 || !(flags & 0x800) || !(flags & 0x200))
    throw new Error(`no SSLRequest: ${packet.toString('hex')}`);
}

function expectHex(bytes: Buffer, hex: string): void {
  if (bytes.toString('hex') !== hex) throw new Error(`not what was expected: ${bytes.toString('hex')}`);
}

function expectText(line: string, pattern: RegExp): RegExpExecArray {
  const match = pattern.exec(line);
  if (!match) throw new Error(`not what was expected: ${line}`);
  return match;
}
