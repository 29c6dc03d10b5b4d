import { once } from 'node:events';
import net from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { handshakeJson, handshakeLine } from '../../../src/cli/output/handshake-line.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { fitted, printable, printableJson, printableLines, wrapped } from '../../../src/handshake/verdict/printable.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';

test.for([
  ['alice, Ümit, 愛', 'alice, Ümit, 愛'],
  ['a\r\nb\tc', 'a??b?c'],
  ['\u001b[2Jgone', '?[2Jgone'],
  ['\u009b2J\u0085\u007f\0', '?2J???'],
  ['\u202ecilla\u202c', '?cilla?'],
  ['\u2066a\u2069\u200e\u200f\u061c', '?a????'],
  ['ali\u200bce\u200d\u2060\ufeff\u00ad', 'ali?ce????'],
  ['one\u2028two\u2029three', 'one?two?three'],
  ['a\u3164\u115f\ufe0f\u{e0041}\u2800', 'a?????'],
  ['\ud83d alone', '? alone'],
] as const)('%j is printed as %j', ([text, printed]) => {
  expect(printable(text)).toBe(printed);
});

test('text of several lines keeps its lines', () => {
  expect(printableLines('one\ntwo\u202e\r')).toBe('one\ntwo??');
});

test('JSON stays the same value, with escapes for what does not print', () => {
  const value = { name: 'a\u202eb\u200b\u{e0041}\u0085', list: [1, 'ü'] };

  const json = printableJson(JSON.stringify(value, null, 2));

  expect(JSON.parse(json)).toEqual(value);
  expect(json).toMatch(/a\\u202eb\\u200b\\udb40\\udc41\\u0085/u);
  expect(json).toContain('ü');
});

test.for(['\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\u2028', '\u0085'])(
  '%j in names of both peers reaches no line',
  async (character) => {
    const odd = createPki({ name: `o${character}p` });
    await using server = await startTlsServer({
      identity: odd.server({ commonName: `s${character}t` }),
      verifyPeer: () => `no${character}`,
    });

    const handshake = await attemptHandshake(server, { identity: odd.client(`c${character}d`) });
    const unknown = await attemptHandshake(server, { identity: createPki().client(`c${character}d`), trust: odd });

    for (const text of [handshake.explain(), unknown.explain(), handshakeLine(handshake), handshakeJson(handshake)])
      expect(text).not.toContain(character);
    const octets = Buffer.from(character)
      .toString('hex')
      .replaceAll(/../gu, String.raw`\$&`);
    expect(unknown.explain()).toContain(`c${octets}d`);
    for (const value of [handshake, unknown, odd, odd.issuer, odd.client(`c${character}d`)])
      expect(inspect(value, { depth: 9 })).not.toContain(character);
    expect([handshake.clientCertificate?.subject.text, handshake.clientCertificate?.commonName]).toEqual([
      `CN=c${octets}d`,
      `c${character}d`,
    ]);
  },
);

test('a name that a client made up adds no line to the transcript of its handshake', async () => {
  await using server = await startTlsServer({ identity: createPki().server() });
  const client = net.connect({ host: server.host, port: server.port });
  client.on('error', () => {}).resume();

  client.end(encodeClientHello({ servername: 'a\u001b[2J\nserver API  all is well', versions: ['TLSv1.3'] }));
  const handshake = await server.nextHandshake();
  if (!client.closed) await once(client, 'close');

  expect(handshake.servername).toBe('a\u001b[2J\nserver API  all is well');
  expect(handshake.explain()).toContain('servername a?[2J?server API  all is well');
});

test('a line that fits stays as it is, and one that does not is cut', () => {
  expect(fitted('x'.repeat(190))).toBe('x'.repeat(190));
  expect(fitted('x'.repeat(191))).toBe(`${'x'.repeat(187)}...`);
  expect(fitted('a\nb \n')).toBe('a?b');
});

test('a long sentence goes on below, and no further than it may', () => {
  const words = Array.from({ length: 100 }).fill('word').join(' ');

  const lines = wrapped(`  next        ${words}`, { indent: 14, most: 3 });
  const cut = wrapped(`  next        ${words} ${words} ${words}`, { indent: 14, most: 2 });

  expect(lines.join(' ').replaceAll(/\s+/gu, ' ')).toBe(` next ${words}`);
  expect(lines.every((line) => line.length <= 190)).toBe(true);
  expect(lines.slice(1).every((line) => /^ {14}\S/u.test(line))).toBe(true);
  expect(cut.length).toBe(2);
  expect(cut.at(-1)).toMatch(/\.\.\.$/u);
});
