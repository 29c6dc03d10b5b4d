import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { negotiateStarttls, type StarttlsProtocol } from '../../../src/wire/starttls/negotiate-starttls.ts';
import {
  inOnePiece,
  ldapResponse,
  mysqlGreeting,
  mysqlPacket,
  natsInfo,
  octetByOctet,
  type Script,
  startClearTextServer,
  willing,
} from './clear-text-server.ts';

const protocols = ['postgres', 'mysql', 'smtp', 'imap', 'ldap', 'pop3', 'ftp', 'nats'] as const;

/** Sends one text as soon as a client connects. */
const saying =
  (bytes: Uint8Array | string): Script =>
  (server) =>
    server.say(bytes);

/** Answers what comes, one thing after the other, whatever it is. */
function answering(...answers: readonly (Uint8Array | string)[]): Script {
  return async ({ socket }) => {
    for (const answer of answers) {
      await new Promise((resolve) => socket.once('data', resolve));
      socket.write(answer);
    }
  };
}

async function negotiate(
  server: { readonly host: string; readonly port: number },
  protocol: StarttlsProtocol,
  timeout = 5000,
): Promise<net.Socket> {
  const { host, port } = server;
  const socket = net.connect({ host, port });
  await negotiateStarttls(socket, { host, port, protocol, timeout });
  return socket;
}

describe.for(protocols)('%s', (protocol) => {
  test.for([
    ['in one piece', inOnePiece],
    ['octet by octet', octetByOctet],
  ] as const)('a server that is willing is left to TLS, whose octets come next, when it speaks %s', async ([, say]) => {
    const next = Promise.withResolvers<Buffer>();
    await using server = await startClearTextServer(willing(protocol), { say, upgrade: (socket) => socket.once('data', next.resolve) });

    const socket = await negotiate(server, protocol);
    socket.write('first octets of TLS');

    expect(String(await next.promise)).toBe('first octets of TLS');
    expect(socket).toMatchObject({ destroyed: false, readableFlowing: false });
    socket.destroy();
  });

  test('what comes with the go-ahead in the clear is an error, and is not read as TLS', async () => {
    await using server = await startClearTextServer(willing(protocol, '\u0016\u0003\u0001injected'));
    const { host, port } = server;
    const socket = net.connect({ host, port });

    await expect(negotiateStarttls(socket, { host, port, protocol, timeout: 5000 })).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { protocol, problem: 'sent more in the clear after its go-ahead for TLS', answer: '...injected' },
    });
    expect(socket.destroyed).toBe(true);
  });

  test.for([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', /^does not speak /u],
    ['TLS', Buffer.from('15030100020228', 'hex'), /^speaks TLS from the start$/u],
    ['one octet without end', 'x'.repeat(40_000), /^does not speak |octets in the clear$/u],
  ] as const)('a server that speaks %s does not speak the protocol, which is reported at once', async ([, bytes, problem]) => {
    await using server = await startClearTextServer(saying(bytes));

    await expect(negotiate(server, protocol, 60_000)).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { host: server.host, port: server.port, protocol, problem: expect.stringMatching(problem) },
    });
  });

  test('a server that closes at once is distinguished from one that refuses', async () => {
    await using server = await startClearTextServer(async ({ socket }) => void socket.end());

    await expect(negotiate(server, protocol)).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { problem: expect.stringMatching(/(?:closed|broke) the connection before TLS could begin/u) },
    });
  });

  test('a server that resets is distinguished from one that refuses', async () => {
    await using server = await startClearTextServer(async ({ socket }) => void socket.resetAndDestroy());

    await expect(negotiate(server, protocol)).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { problem: expect.stringContaining('the connection before TLS could begin') },
    });
  });

  test('a server that says nothing is left within the bound', async () => {
    await using server = await startClearTextServer(async () => {});

    await expect(negotiate(server, protocol, 60)).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { problem: 'said nothing within 60 ms', answer: '' },
    });
  });
});

describe('a server that refuses is quoted', () => {
  const refusals: readonly (readonly [StarttlsProtocol, string, Script, string])[] = [
    ['postgres', 'one without TLS', answering('N'), 'N'],
    [
      'postgres',
      'one with too many clients',
      answering(postgresError('SFATAL', 'VFATAL', 'C53300', 'Mtoo many clients already')),
      'FATAL: too many clients already (53300)',
    ],
    ['postgres', 'one of old', answering('EFATAL: no pg_hba.conf entry\0'), 'FATAL: no pg_hba.conf entry'],
    ['mysql', 'one without TLS', saying(mysqlGreeting({ capabilities: 0xa200 })), 'version 11.4.2-Test, without the capability CLIENT_SSL'],
    [
      'mysql',
      'one with too many clients',
      saying(mysqlPacket(Uint8Array.of(0xff, 0x10, 0x04), Buffer.from('Too many connections'))),
      'error 1040: Too many connections',
    ],
    [
      'mysql',
      'one that gives a state',
      saying(mysqlPacket(Uint8Array.of(0xff, 0x69, 0x04), Buffer.from('#HY000Host is blocked'))),
      'error 1129: Host is blocked',
    ],
    ['smtp', 'one that serves no client', saying('554-no\r\n554 service\r\n'), '554-no 554 service'],
    ['smtp', 'one without EHLO', smtp('502 what?\r\n'), '502 what?'],
    ['smtp', 'one that does not offer it', smtp('250-mail.test\r\n250 SIZE 1000\r\n'), '250-mail.test 250 SIZE 1000'],
    ['smtp', 'one that is named after it', smtp('250 STARTTLS\r\n'), '250 STARTTLS'],
    ['smtp', 'one that cannot now', smtp('250-mail.test\r\n250 starttls\r\n', '454 TLS not available\r\n'), '454 TLS not available'],
    ['imap', 'one that serves no client', saying('* BYE too many users\r\n'), '* BYE too many users'],
    ['imap', 'one that trusts anyhow', saying('* PREAUTH welcome\r\n'), '* PREAUTH welcome'],
    ['imap', 'one that does not offer it', imap('* CAPABILITY IMAP4rev1 IDLE\r\na1 OK\r\n'), '* CAPABILITY IMAP4rev1 IDLE'],
    ['imap', 'one that says no', imap('* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n', 'a2 NO not now\r\n'), 'a2 NO not now'],
    ['imap', 'one that does not know it', imap('* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n', 'a2 BAD what?\r\n'), 'a2 BAD what?'],
    ['imap', 'one that leaves', imap('* BYE shutting down\r\n'), '* BYE shutting down'],
    ['ldap', 'one without TLS', answering(ldapResponse({ code: 2, words: 'unsupported' })), 'protocolError (2): unsupported'],
    ['ldap', 'one that cannot now', answering(ldapResponse({ code: 52, words: 'no key' })), 'unavailable (52): no key'],
    ['ldap', 'one that leaves', answering(ldapResponse({ id: 0, code: 52, words: 'bye' })), 'unavailable (52): bye'],
    ['ldap', 'one that leaves in peace', answering(ldapResponse({ id: 0, words: 'bye' })), 'success (0): bye'],
    ['pop3', 'one that serves no client', saying('-ERR busy\r\n'), '-ERR busy'],
    ['pop3', 'one without TLS', greeted('+OK\r\n', '-ERR unknown command\r\n'), '-ERR unknown command'],
    ['ftp', 'one that serves no client', saying('421 busy\r\n'), '421 busy'],
    ['nats', 'one with too many clients', saying("-ERR 'maximum connections exceeded'\r\n"), "-ERR 'maximum connections exceeded'"],
    ['nats', 'one without TLS', saying(natsInfo({})), 'INFO {"server_id":"TEST","version":"2.15.1","proto":1}'],
    ['ftp', 'one without TLS', greeted('120 soon\r\n220 now\r\n', '502 what?\r\n'), '502 what?'],
  ];

  test.for(refusals)('%s: %s', async ([protocol, , script, answer]) => {
    await using server = await startClearTextServer(script);
    const { host, port } = server;

    const attempt = negotiate(server, protocol);

    await expect(attempt).rejects.toMatchObject({ code: 'STARTTLS_REFUSED', facts: { host, port, protocol, answer } });
    await expect(attempt).rejects.toThrow(`it answered "${answer}"`);
  });
});

describe('an answer that means nothing is quoted', () => {
  const nonsense: readonly (readonly [StarttlsProtocol, string, Script])[] = [
    ['mysql', 'protocol version 9', saying(mysqlGreeting({ version: 9 }))],
    ['mysql', 'a greeting that is cut off', saying(mysqlPacket(Uint8Array.of(10), Buffer.from('11.4\0'), Buffer.alloc(14)))],
    ['mysql', 'a version without end', saying(mysqlPacket(Uint8Array.of(10), Buffer.from('11.4')))],
    ['mysql', 'an empty packet', saying(mysqlPacket())],
    ['smtp', 'a code of two digits', saying('22 mail.test\r\n')],
    ['imap', 'an answer to nothing', imap('a9 OK\r\n')],
    ['pop3', 'a word without sign', greeted('+OK\r\n', 'OK\r\n')],
    ['nats', 'an INFO that is not JSON', saying('INFO {tls_required}\r\n')],
    ['nats', 'an INFO of text', saying('INFO "tls_required"\r\n')],
    ['ldap', 'the answer to another question', answering(ldapResponse({ id: 7 }))],
    ['ldap', 'another operation', answering(ldapResponse({ operation: 0x61 }))],
    ['ldap', 'an indefinite length', answering(Buffer.from('3080020101780700', 'hex'))],
    ['ldap', 'a length of four gigabytes', answering(Buffer.from('3084ffffffff020101', 'hex'))],
    ['ldap', 'elements that do not fit', answering(Buffer.from('300402017f78', 'hex'))],
    ['ldap', 'nothing', answering(Buffer.from('3000', 'hex'))],
  ];

  test.for(nonsense)('%s: %s', async ([protocol, , script]) => {
    await using server = await startClearTextServer(script);

    await expect(negotiate(server, protocol)).rejects.toMatchObject({
      code: 'STARTTLS_FAILED',
      facts: { protocol, problem: expect.stringMatching(/^does not speak /u) },
    });
  });
});

test('an LDAP server may write lengths in more octets than it needs', async () => {
  const message = Buffer.from('3084000000100201017884000000070a010004000400', 'hex');
  await using server = await startClearTextServer(answering(message));

  const socket = await negotiate(server, 'ldap');

  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test('an answer that stops in the middle is quoted', async () => {
  await using server = await startClearTextServer(async ({ socket }) => void socket.write('220-mail.test\r\n220 almo'));

  await expect(negotiate(server, 'smtp', 60)).rejects.toMatchObject({
    code: 'STARTTLS_FAILED',
    facts: { problem: 'did not answer to the end within 60 ms', answer: '220 almo' },
  });
});

test('lines without end are left when they are too many', async () => {
  await using server = await startClearTextServer(saying('220-mail.test\r\n'.repeat(3000)));

  await expect(negotiate(server, 'smtp')).rejects.toMatchObject({
    code: 'STARTTLS_FAILED',
    facts: { problem: 'sent more than 32768 octets in the clear' },
  });
});

test("a server's words are quoted in one bounded line, without what would steer a terminal or turn the text round", async () => {
  await using server = await startClearTextServer(saying(`554-\u001B[31mred\r\n554 \u202Ereversed ${'long '.repeat(100)}\r\n`));

  const attempt = negotiate(server, 'smtp');

  await expect(attempt).rejects.toMatchObject({
    code: 'STARTTLS_REFUSED',
    facts: { answer: expect.stringMatching(/^554-\.\[31mred 554 \.reversed (?:long )+.{0,4}…$/u) },
  });
  await expect(attempt).rejects.toSatisfy((error: Error) => error.message.length < 500);
});

test('an SMTP client without a name calls itself by its address', async () => {
  const heard = Promise.withResolvers<string>();
  await using server = await startClearTextServer(async (client) => {
    await client.say('220 mail.test\r\n');
    heard.resolve(await client.line());
    await client.say('250 no\r\n');
  });

  await expect(negotiate(server, 'smtp')).rejects.toMatchObject({ code: 'STARTTLS_REFUSED' });

  expect(await heard.promise).toBe('EHLO [127.0.0.1]');
});

function postgresError(...fields: readonly string[]): Buffer {
  const body = Buffer.from(`${fields.join('\0')}\0\0`);
  const head = Buffer.from('E....');
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** A script that greets, and then answers line by line. */
function greeted(greeting: string, ...answers: readonly string[]): Script {
  return async (server) => {
    await server.say(greeting);
    for (const answer of answers) {
      await server.line();
      await server.say(answer);
    }
  };
}

function smtp(...answers: readonly string[]): Script {
  return greeted('220 mail.test\r\n', ...answers);
}

function imap(...answers: readonly string[]): Script {
  return greeted('* OK ready\r\n', ...answers);
}
