import { writeFileSync } from 'node:fs';
import { createPki, attemptHandshake, startHttp2Server, startTlsServer } from '../../../src/index.ts';
import { describeServerUnderTest, expect, test } from '../../../src/vitest/index.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client('alice');
const server = await startTlsServer({ identity });
const webServer = await startHttp2Server(() => {}, { identity });
const handshake = await attemptHandshake(server, { identity: client });
const values = {
  pki,
  root: pki.root,
  issuer: pki.issuer,
  identity,
  client,
  server,
  webServer,
  node: server.server,
  web: webServer.server,
  handshake,
};
const every: readonly (readonly [name: string, value: object])[] = Object.entries(values);

describeServerUnderTest(
  'server',
  { target: webServer },
  {
    pki,
    only: ['expired-leaf', 'no-client-certificate', 'spiffe-wrong-scheme'],
    expected: { 'expired-leaf': { verdict: 'accepted' } },
  },
);

/** Tells the test which keys there are in this run. */
writeFileSync(
  process.env['MTLS_FIXTURES_TEST_KEYS'] ?? '/dev/null',
  JSON.stringify({ root: pki.root.keyPem, issuer: pki.issuer.keyPem, server: identity.keyPem, alice: client.keyPem }),
);

/** All of these fail and print what they compared. */
const failures: readonly (readonly [how: string, fail: (value: object) => unknown])[] = [
  ['toEqual', (value) => expect(value).toEqual({ other: 1 })],
  ['toEqual the other way', (value) => expect({ other: 1 }).toEqual(value)],
  ['toStrictEqual', (value) => expect({ deep: [value] }).toStrictEqual({ deep: [] })],
  ['toMatchObject', (value) => expect(value).toMatchObject({ name: 'another' })],
  ['toBe', (value) => expect(value).toBe('another')],
  ['toContain', (value) => expect([value]).toContain('another')],
  ['toHaveProperty', (value) => expect(value).toHaveProperty('nothing', 1)],
  ['toMatchInlineSnapshot', (value) => expect(value).toMatchInlineSnapshot(`"another"`)],
  ['toBeAccepted', (value) => expect(value as typeof handshake).not.toBeAccepted()], // misused for most
  ['toHaveClientCertificate', (value) => expect(value as typeof handshake).toHaveClientCertificate({ commonName: 'another' })],
  ['toAccept', (value) => expect(value as typeof server).not.toAccept(client)],
  ['toReject', (value) => expect(server).toReject(value as typeof client, { reason: 'ANOTHER' })],
  ['toFailHandshake', (value) => expect(Promise.reject(value)).toFailHandshake({ reason: 'ANOTHER' })],
];

test.for(every)('a title says %s %s %o %j', ([name, value]) => {
  // oxlint-disable-next-line no-console -- what is printed is what is looked at
  console.log(name, value, { deep: { deeper: value } });
  expect(name).toBe('another');
});

for (const [how, fail] of failures)
  test.for(every)(`${how} fails for $0`, async ([, value]) => {
    await fail(value);
  });

// Not Node's own servers: Vitest copies what is thrown, with what is hidden.
test.for(every.filter(([name]) => name !== 'node' && name !== 'web'))('a thrown value fails for $0', ([, value]) => {
  throw value as Error; // what is thrown may be anything
});
