import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { createPki, startTlsServer } from '../../src/index.ts';
import { printable } from '../../src/handshake/printable.ts';
import { encodeClientHello } from '../../src/wire/encode-client-hello.ts';

test.for([
  ['alice, Ümit, 愛', 'alice, Ümit, 愛'],
  ['a\r\nb\tc', 'a??b?c'],
  ['\u001b[2Jgone', '?[2Jgone'],
  ['\u009b2J\u0085\u007f\0', '?2J???'],
] as const)('%j is printed as %j', ([text, printed]) => {
  expect(printable(text)).toBe(printed);
});

test('a name that a client made up adds no line to the story of its handshake', async () => {
  await using server = await startTlsServer({ identity: createPki().server() });
  const client = net.connect({ host: server.host, port: server.port });
  client.on('error', () => {}).resume();

  client.end(encodeClientHello({ servername: 'a\u001b[2J\nserver API  all is well', versions: ['TLSv1.3'] }));
  const handshake = await server.nextHandshake();
  if (!client.closed) await once(client, 'close');

  expect(handshake.servername).toBe('a\u001b[2J\nserver API  all is well');
  expect(handshake.explain()).toContain('servername a?[2J?server API  all is well');
});
