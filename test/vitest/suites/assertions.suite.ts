import https from 'node:https';
import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { expect, test } from '../../../src/vitest/index.ts';

const untrusted = createPki().client('untrusted');

describe('orders API', () => {
  test('lets its own clients in and no others', async ({ server, client }) => {
    await expect(server).toAccept(client);
    await expect(server).toReject(untrusted, { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    await expect(server).not.toAccept(untrusted);
  });

  test('expects another reason than is given', async ({ server }) => {
    await expect(server).toReject(untrusted, { reason: 'CERT_HAS_EXPIRED' });
  });

  test('has a control that is refused', async ({ server }) => {
    await expect(server).toReject(untrusted, { control: untrusted });
  });
});

test('a client fails', async ({ server }) => {
  const { host, port } = server;
  await expect(() => call({ host, port, ca: createPki().anchors })).toFailHandshake({ by: 'client' });
});

test('a call that fails for another reason shows nothing', async () => {
  await expect(() => Promise.reject(new Error('no such order'))).toFailHandshake();
});

test('a failure that is caught is left out', async ({ server, client }) => {
  await expect(expect(server).toReject(client)).rejects.toThrow('expected the client to be rejected');
  await expect(server).toAccept(client);
});

let runs = 0;
test('of a test that is run again the last run counts', { retry: 1 }, async ({ server, client }) => {
  await expect(server).toAccept(client);
  runs += 1;
  expect(runs).toBe(2);
});

test('more assertions than are recorded', async () => {
  for (let number = 0; number < 51; number += 1)
    await expect(() => call({ host: '127.0.0.1', port: 0 }))
      .not.toFailHandshake()
      .catch(() => {});
  throw new Error('on purpose');
});

function call(options: https.RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    https.get({ agent: false, ...options }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}
