import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { handshakeLine } from '../../../src/cli/output/handshake-line.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';
import { encodeClientHello } from '../../../src/wire/hello/encode-client-hello.ts';

test('a line has the subject of the client and the requested name', async () => {
  const pki = createPki();
  await using server = await startTlsServer({ identity: pki.server() });

  const handshake = await attemptHandshake(server, { identity: pki.client('alice') });

  expect(handshakeLine(handshake)).toMatch(/accepted.*: ".*CN=alice"; TLSv1\.3, for localhost, \d+\.\d ms$/u);
});

test('control characters in a requested name do not break the line', async () => {
  await using server = await startTlsServer({ identity: createPki().server() });
  const client = net.connect({ host: server.host, port: server.port });
  client.on('error', () => {}).resume();

  client.end(encodeClientHello({ servername: 'a\u001b[2J\nb', versions: ['TLSv1.3'] }));
  const line = handshakeLine(await server.nextHandshake());
  if (!client.closed) await once(client, 'close');

  expect(line).toContain('for a?[2J?b');
});
