import { expect, test } from 'vitest';
import { fitted, wrapped } from '../../../src/handshake/explain/fitted-line.ts';
import { attemptHandshake, createPki, startTlsServer } from '../../../src/index.ts';

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

test('no line of a transcript is longer, whatever the peers send', async () => {
  const pki = createPki({ name: 'n'.repeat(40) });
  const many = Array.from({ length: 400 }).map((_, at) => createPki({ name: `${'authority '.repeat(3)}${at}`, intermediates: 0 }));
  const names = Array.from({ length: 400 }).map((_, at) => `host-${at}.${'label.'.repeat(20)}test`);
  await using server = await startTlsServer({
    identity: pki.server({ dns: names, commonName: 'c'.repeat(64) }),
    trust: [pki, ...many],
    verifyPeer: () => 'because '.repeat(1000),
  });

  const unnamed = await attemptHandshake(server, { identity: pki.client('d'.repeat(64)) });
  const refused = await attemptHandshake(server, { identity: pki.client('d'.repeat(64)), servername: names[0] ?? '' });
  const unknown = await attemptHandshake(server, { identity: createPki().client('d'.repeat(64)), trust: pki, servername: names[0] ?? '' });
  const absent = await attemptHandshake(server, { trust: pki, servername: names[0] ?? '' });

  expect(unnamed.reason).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(refused.reason).toBe('APPLICATION_VERIFICATION');
  for (const handshake of [unnamed, refused, unknown, absent]) {
    const lines = handshake.explain().split('\n');
    expect(lines.filter((line) => line.length > 190)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.find((line) => line.startsWith('  next '))).toBeDefined();
  }
});
