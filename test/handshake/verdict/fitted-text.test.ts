import { once } from 'node:events';
import net from 'node:net';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { handshakeJson, handshakeLine } from '../../../src/cli/output/handshake-line.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { fitted, wrapped } from '../../../src/handshake/verdict/fitted-text.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';

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
