import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import type { CapturedChunk } from '../../../src/wire/tap/capture.ts';
import { chunksOf } from './chunks-of.ts';
import { keyLogText } from './key-log-text.ts';
import { toPcapng } from '../../../src/wire/pcapng/to-pcapng.ts';
import { recordsOf } from '../../../src/wire/records/tls-record.ts';
import { echo, type RecordedConnection, recordConnection, sayHello } from '../decode/record-connection.ts';
import { capinfos, complaintsAbout, describeWithTshark, tshark } from './tshark.ts';

const pki = createPki();
const client = pki.client('alice');
const startedAt = new Date('2026-03-01T12:00:00.250Z');
const fields = (...names: readonly string[]): string[] => ['-T', 'fields', ...names.flatMap((name) => ['-e', name])];

describeWithTshark()('tshark', () => {
  test.for([
    ['IPv4', '192.0.2.1', '192.0.2.255', 'ip'],
    ['IPv6', '2001:db8::1', 'fe80::ffff:0:1', 'ipv6'],
  ] as const)('reads a connection over %s, decrypted, from the start date on', async ([, from, to, layer]) => {
    const connection = await record();
    const pcapng = toPcapng({
      ...connection,
      keyLog: keyLogText(connection.keyLog),
      startedAt,
      client: { address: from, port: 50_000 },
      server: { address: to, port: 8443 },
      comment: 'rejected by server: CERT_HAS_EXPIRED ✗',
    });

    const rows = (await tshark(pcapng, fields('frame.time_epoch', `${layer}.src`, 'tcp.srcport', '_ws.col.Info'))).trim().split('\n');

    expect(await complaintsAbout(pcapng)).toEqual([]);
    expect(rows[0]).toMatch(`1772366400.250000000\t${from}\t50000\t50000 → 8443 [SYN]`);
    expect(rows[4]).toContain(
      `${to}\t8443\tServer Hello, Change Cipher Spec, Encrypted Extensions, Certificate Request, Certificate, Certificate Verify, Finished`,
    );
    expect(rows.join('\n')).toContain('Alert (Level: Warning, Description: Close Notify)');
    expect(await capinfos(pcapng)).toContain('rejected by server: CERT_HAS_EXPIRED ✗');
  });

  test('reads the times of the chunks to the nanosecond', async () => {
    const chunks = [data('client', 0.000123, 10), data('server', 1.5, 10), data('client', 2000, 10)];

    const times = await tshark(toPcapng({ chunks, startedAt }), [...fields('frame.time_epoch'), '-Y', 'tcp.len > 0']);

    expect(times.trim().split('\n')).toEqual(['1772366400.250000123', '1772366400.251500000', '1772366402.250000000']);
  });

  test.for(['127.0.0.1', '::1'])('reads writes of any size between %s, whole, and no time that runs backwards', async (address) => {
    const chunks = [
      data('client', 5, 200_001),
      data('server', 4, 0),
      data('server', Number.NaN, 65_000),
      data('client', -1, 1),
      data('server', 6, 65_001),
    ];
    const pcapng = toPcapng({
      chunks,
      client: { address },
      server: { address, port: 7 },
      ends: [
        { sentBy: 'client', how: 'end' },
        { sentBy: 'server', how: 'end' },
      ],
    });

    const sent = await tshark(pcapng, [...fields('tcp.srcport', 'tcp.len', 'frame.time_relative', 'tcp.flags.str')]);

    const rows = sent
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
    expect(rows.map(([port, length]) => `${port === '7' ? 'server' : 'client'} ${length}`)).toEqual([
      'client 0',
      'server 0',
      'client 0',
      'client 65000',
      'client 65000',
      'client 65000',
      'client 5001',
      'server 65000',
      'client 1',
      'server 65000',
      'server 1',
      'client 0',
      'server 0',
      'client 0',
    ]);
    expect(rows.map(([, , time]) => Number(time))).toEqual(rows.map(([, , time]) => Number(time)).toSorted((a, b) => a - b));
    expect(await complaintsAbout(pcapng)).toEqual([]);
  });

  test('sees a reset where there was one, and no end where none was seen', async () => {
    const chunks = [data('client', 1, 10), data('server', 2, 10)];
    const flags = async (ends: Parameters<typeof toPcapng>[0]['ends']): Promise<string[]> => {
      const pcapng = toPcapng({ chunks, ...(ends && { ends }) });
      const resets = (ends ?? []).filter(({ how }) => how === 'reset').length;
      expect(await complaintsAbout(pcapng)).toHaveLength(resets); // a reset is a warning
      return (await tshark(pcapng, [...fields('tcp.flags.str'), '-Y', 'tcp.flags.fin == 1 || tcp.flags.reset == 1']))
        .trim()
        .split('\n')
        .map((row) => row.replaceAll('·', ''));
    };

    expect(await flags(undefined)).toEqual(['']);
    expect(await flags([{ sentBy: 'server', how: 'end', atMs: 3 }])).toEqual(['AF']);
    expect(await flags([{ sentBy: 'server', how: 'reset', atMs: 3 }])).toEqual(['AR']);
    expect(
      await flags([
        { sentBy: 'client', how: 'end', atMs: 1.5 },
        { sentBy: 'client', how: 'end' },
        { sentBy: 'server', how: 'end' },
      ]),
    ).toEqual(['AF', 'AF']);
  });

  test('reads a connection on which nothing was said', async () => {
    const pcapng = toPcapng({ chunks: [], comment: 'x'.repeat(70_000) });

    expect(await complaintsAbout(pcapng)).toEqual([]);
    expect((await capinfos(pcapng)).match(/x+$/mu)?.[0]).toHaveLength(65_535);
  });
});

test('records make the same chunks as the bytes that they came from', async () => {
  const { chunks } = await record();
  const odd = [
    { sentBy: 'client', atMs: 0, bytes: Buffer.from('160301000a0102', 'hex') },
    { sentBy: 'server', atMs: 1, bytes: Buffer.from('HTTP/1.1 400\r\n') },
  ] as const;

  for (const original of [chunks, odd])
    for (const side of ['client', 'server'] as const) expect(bytesOf(chunksOf(recordsOf(original)), side)).toEqual(bytesOf(original, side));
});

test('the blocks are those of the format, each with its length at both ends', () => {
  const pcapng = Buffer.from(toPcapng({ chunks: [data('client', 1, 3)], keyLog: 'secret\n', comment: 'é' }));

  const types: number[] = [];
  for (let at = 0; at < pcapng.length;) {
    const length = pcapng.readUInt32LE(at + 4);
    expect(length % 4).toBe(0);
    expect(pcapng.readUInt32LE(at + length - 4)).toBe(length);
    types.push(pcapng.readUInt32LE(at));
    at += length;
  }
  expect(types).toEqual([0x0a0d0d0a, 1, 10, 6, 6, 6, 6, 6]);
  expect(pcapng.includes('secret\n')).toBe(true);
});

test.for([
  ['an invalid address', { client: { address: 'localhost' } }, 'client.address'],
  ['an address with a zone', { server: { address: 'fe80::1%eth0' } }, 'server.address'],
  ['two versions', { client: { address: '127.0.0.1' }, server: { address: '::1' } }, 'server.address'],
  ['an invalid port', { server: { port: 0 } }, 'server.port'],
  ['a port beyond the last', { client: { port: 65_536 } }, 'client.port'],
] as const)('%s is refused', ([, addresses, option]) => {
  expect(() => toPcapng({ chunks: [], ...addresses })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option }) }),
  );
});

async function record(): Promise<RecordedConnection> {
  return recordConnection(echo(pki.server().serverTls), async (endpoint) => {
    await sayHello({ ...client.tls, minVersion: 'TLSv1.3', ...endpoint });
  });
}

function data(sentBy: 'client' | 'server', atMs: number, length: number): CapturedChunk {
  return { sentBy, atMs, bytes: Buffer.alloc(length, 0x2e) };
}

function bytesOf(chunks: readonly CapturedChunk[], side: 'client' | 'server'): Buffer {
  return Buffer.concat(chunks.filter(({ sentBy }) => sentBy === side).map(({ bytes }) => bytes));
}
