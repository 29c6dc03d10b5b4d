import https from 'node:https';
import { afterEach, expect, test } from 'vitest';
import type { StartServer } from '../../../src/scenarios/run/target.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';

const only = ['expired-leaf'];
const versions = ['TLSv1.3'] as const;

// Hooks of the user's own fail what the scenarios did not.
afterEach(({ task }) => {
  if (task.name.includes('expired-leaf') && task.file.tasks[0] === task.suite?.suite?.suite) throw new Error('a file was left open');
});
describeServerUnderTest('with a hook that fails', { start }, { only, versions });

let controls = 0;
describeServerUnderTest(
  'breaks on the way',
  {
    start: (configuration) => {
      const server = start(configuration) as https.Server; // see below
      return server.on('secureConnection', () => {
        controls += 1;
        server.setSecureContext({ key: configuration.identity.keyPem, cert: configuration.identity.chainPem, ca: [] });
      });
    },
  },
  { only, versions },
);

const foreign: object = { mtlsFixtures: { schema: 2, name: 'of another version' } };
test('what another version of the library has written', { meta: foreign }, () => {
  expect(controls).toBeGreaterThan(0);
});

test('what is not a scenario', () => {
  expect(controls).toBeGreaterThan(0);
});

function start({ identity, trust }: Parameters<StartServer>[0]): ReturnType<StartServer> {
  return https.createServer(
    { key: identity.keyPem, cert: identity.chainPem, ca: trust, requestCert: true, rejectUnauthorized: true },
    (_request, response) => response.end(),
  );
}
