import { expect } from 'vitest';
import { attemptHandshake } from '../../../src/index.ts';
import { test } from '../../../src/vitest/index.ts';
import { withoutSecrets } from '../../../src/wire/pcapng/without-secrets.ts';

test('a capture without its secrets has the same packets, and no line of the key log', async ({ server, client }) => {
  const whole = Buffer.from((await attemptHandshake(server, { identity: client })).toPcapng());

  const bare = Buffer.from(withoutSecrets(whole));

  expect(whole.includes('CLIENT_TRAFFIC_SECRET_0')).toBe(true);
  expect(bare.includes('TRAFFIC_SECRET')).toBe(false);
  expect(typesOf(whole).filter((type) => type === 10)).toHaveLength(1);
  expect(typesOf(bare)).toEqual(typesOf(whole).filter((type) => type !== 10));
  expect(Buffer.from(withoutSecrets(bare))).toEqual(bare);
});

/** The types of the blocks, each of which says its length twice. */
function typesOf(capture: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at < capture.length; at += capture.readUInt32LE(at + 4)) types.push(capture.readUInt32LE(at));
  return types;
}
