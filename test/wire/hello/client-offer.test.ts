import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseClientOffer } from '../../../src/wire/hello/client-offer.ts';
import { recordHeaderLength, RecordSplitter } from '../../../src/wire/records/record-splitter.ts';

describe("the ClientHello of Node's client", () => {
  let body: Buffer = Buffer.alloc(0);

  beforeAll(async () => {
    const server = net.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = tls.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', ecdhCurve: 'X25519:P-256' });
    client.on('error', () => {});
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    const splitter = new RecordSplitter();
    for await (const chunk of socket) {
      const [record] = splitter.push(chunk as Buffer);
      if (!record) continue;
      body = record.subarray(recordHeaderLength + 4);
      break;
    }
    client.destroy();
    server.close();
  });

  test('says what a ServerHello has to answer to', () => {
    const offer = parseClientOffer(body);

    expect(offer).toMatchObject({ versions: [0x0304, 0x0303], keyShareGroups: [29] });
    expect(offer?.sessionId).toHaveLength(32);
    expect(offer?.cipherSuites.slice(0, 3)).toEqual([0x1302, 0x1303, 0x1301]);
    expect(offer?.extensions.has(43)).toBe(true);
  });

  test('cut off anywhere is read without an exception, as malformed', () => {
    const cut = Array.from(body.keys(), (length) => parseClientOffer(body.subarray(0, length)));

    // Without its extensions it is a hello of TLS 1.2.
    expect(cut.filter((offer) => offer !== undefined)).toHaveLength(1);
  });
});
