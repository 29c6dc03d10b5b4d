import { expect, test } from 'vitest';
import { decodeHandshake } from '../../../src/wire/decode/decode-handshake.ts';
import { keyLogText } from '../pcapng/key-log-text.ts';
import { toPcapng } from '../../../src/wire/pcapng/to-pcapng.ts';
import { complaintsAbout, describeWithTshark, tsharkMessages } from '../pcapng/tshark.ts';
import { comparable, factsOf } from './tshark-facts.ts';
import { connections, opensslConnections } from './connections.ts';

describeWithTshark()('what tshark reads in the capture', () => {
  test.for([...connections, ...opensslConnections])('is what the decoder says of $name', async ({ record, types }) => {
    const connection = await record();
    const keyLog = keyLogText(connection.keyLog);
    const pcapng = toPcapng({ ...connection, keyLog });

    const decoded = decodeHandshake(connection.records, { keyLog });

    const read = await tsharkMessages(pcapng, connection.server.port);
    expect(decoded.map(({ type }) => type)).toEqual(expect.arrayContaining([...types]));
    expect(decoded.filter(({ note }) => note !== undefined)).toEqual([]);
    expect(decoded.map((message) => comparable(message))).toMatchObject(read.map((message) => factsOf(message)));
    expect(await complaintsAbout(pcapng)).toEqual([]);
  });
});
