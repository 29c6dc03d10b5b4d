import { attemptHandshake, createPki, restorePki, type SerializedPki, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';

test('a server of one shard accepts a client of another', async () => {
  // #region shards
  const secret = JSON.stringify(createPki({ name: 'nightly' }).serialize()); // once, in the step before the shards

  const here = restorePki(JSON.parse(secret) as SerializedPki); // in each shard, from the environment
  const there = restorePki(JSON.parse(secret) as SerializedPki);

  await using server = await startTlsServer({ identity: here.server() });
  const handshake = await attemptHandshake(server, { identity: there.client('from another shard') });
  // #endregion

  expect(handshake).toBeAccepted();
});
