import { expect as bare } from 'vitest';
import { createPki } from '../../src/index.ts';
import { recordedMatchers } from '../../src/vitest/recorded-matchers.ts';
import { matchers } from '../../src/vitest/register.ts';
import { expect, test } from '../../src/vitest/index.ts';

const recorded = recordedMatchers(matchers);

test('a matcher that attempts a handshake leaves its record on the test, and others leave none', async ({ server, client, task }) => {
  const handshake = server.nextHandshake();
  await expect(server).toAccept(client, { evidence: 'server-observed' });
  expect(await handshake).toBeAccepted();

  bare(task.meta).toEqual({
    mtlsFixturesAssertions: {
      schema: 1,
      omitted: 0,
      assertions: [
        bare.objectContaining({
          matcher: 'toAccept',
          status: 'as-expected',
          expected: { evidence: 'server-observed' },
          message: 'accepted',
        }),
      ],
    },
  });
});

test('what a matcher throws is recorded as not judged, and thrown', async ({ task }) => {
  await bare(expect('no server').toAccept()).rejects.toThrow(bare.objectContaining({ code: 'MATCHER_MISUSE' }));

  bare(task.meta).toMatchObject({
    mtlsFixturesAssertions: { assertions: [{ status: 'not-judged', message: bare.stringContaining('Cannot use toAccept') }] },
  });
});

test('without a test of Vitest the result is the same, and nothing is recorded', async ({ server, client, task }) => {
  await bare(recorded.toReject.call({}, server, createPki().client(), { control: client })).resolves.toMatchObject({ pass: true });
  await bare(recorded.toReject.call({}, server, client, { control: client })).resolves.toMatchObject({ pass: false });

  bare(task.meta).toEqual({});
});
