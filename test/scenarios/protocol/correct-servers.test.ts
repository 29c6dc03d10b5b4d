import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPki, type ObservedServer } from '../../../src/index.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import { forServers, onServer, withVersions } from './scenario.ts';
import { kinds, servers } from './servers.ts';

const pki = createPki({ name: 'correct servers' });
/** They are for servers that ask for compressed certificates, as in test/mutants/broken-flights.test.ts. */
const compressed = ['wrong-length', 'too-large', 'not-compressed', 'empty', 'algorithm-not-offered', 'twice'];
/** What says nothing about a server: two are needed, ALPN is not spoken, HTTP is not, or nothing is compressed. */
const unsuitable: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(compressed.map((name) => [`client-compressed-certificate-${name}`, kinds])),
  'resumption-across-trust-contexts': ['tls', 'https', 'http2'],
  'alpn-mismatch': ['tls'],
  'alpn-absent': ['tls'],
  'sni-host-header-mismatch': ['tls'],
};
/** What Node.js is known to let pass: neither a pass nor a failure. */
const lenient: ReadonlySet<string> = new Set([
  'renegotiation-client-initiated-tls12',
  'sni-host-header-mismatch',
  'client-certificate-extension-unknown',
  'second-hello-other-name',
  'second-hello-without-name',
]);
/** They wait for something, and are looked at below. */
const slow: ReadonlySet<string> = new Set(['stalled-handshake', 'resumption-after-expiry']);
/** They are about servers with several hosts, in test/scenarios/run/hosts-under-test.test.ts. */
const withOneHost = forServers.filter(({ at, needsOtherHost }) => at !== 'host' && !needsOtherHost);
const quick = withVersions(withOneHost).filter(({ id }) => !slow.has(id));

describe.for(kinds)('a correct server of node:%s', (kind) => {
  let server: ObservedServer;
  beforeAll(async () => {
    server = await servers[kind]({ identity: pki.server() });
  });
  afterAll(() => server.close());

  test.concurrent.for(quick)('does what $id expects over $version', async ({ id, version, scenario }) => {
    const result = await runScenario(scenario, { pki, target: server, version });

    const isUnsuitable = unsuitable[id]?.includes(kind) === true || lenient.has(id);
    expect(result).toMatchObject({ id, status: isUnsuitable ? 'not-judged' : 'as-expected' });
    expect(result.unsuitable).toBe(isUnsuitable ? true : undefined);
    expect(result.message.includes('node is known to answer otherwise')).toBe(lenient.has(id) && unsuitable[id]?.includes(kind) !== true);
    expect(result.message).toContain(`${id} (${version}): `);
  });
});

describe.for(kinds)('a server of node:%s that is started for each configuration', (kind) => {
  test.concurrent.for(withVersions(withOneHost.filter(({ id }) => id.startsWith('resumption-') && id !== 'resumption-after-expiry')))(
    'does what $id expects over $version',
    async ({ version, scenario }) => {
      const result = await runScenario(scenario, {
        pki,
        target: { start: ({ identity, trust, crl }) => servers[kind]({ identity, trust, ...(crl && { crl }) }) },
        version,
      });

      expect(result).toMatchObject({ status: 'as-expected', handshake: { verdict: 'rejected', resumed: false } });
    },
  );
});

describe.for(kinds)('a server of node:%s with a time-out for handshakes', (kind) => {
  test('ends one that stalls, and is flagged where the time-out is longer than the test', async () => {
    await using strict = await servers[kind]({ identity: pki.server(), handshakeTimeout: 2000 });
    await using lax = await servers[kind]({ identity: pki.server(), handshakeTimeout: 20_000 });

    const [ended, open] = await Promise.all([
      runScenario(onServer('stalled-handshake'), { pki, target: strict, timeout: 10_000 }),
      runScenario(onServer('stalled-handshake'), { pki, target: lax, timeout: 2000 }),
    ]);

    expect(ended).toMatchObject({ status: 'as-expected', message: expect.stringContaining('ended the connection') });
    expect(open).toMatchObject({ status: 'unexpected', message: expect.stringContaining('had not ended the connection after 2000 ms') });
  });
});

test.concurrent.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'a session outlives its certificate in Node.js, which is known (%s)',
  async (version) => {
    await using server = await servers.tls({ identity: pki.server() });

    const { host, port } = server;
    const [known, unknown] = await Promise.all(
      [server, { host, port }].map((target) => runScenario(onServer('resumption-after-expiry'), { pki, target, version })),
    );

    expect(known).toMatchObject({
      status: 'not-judged',
      message: expect.stringContaining('node is known to answer otherwise'),
      expected: { verdict: 'accepted' },
      handshake: { verdict: 'accepted', resumed: true },
    });
    expect(unknown).toMatchObject({ status: 'unexpected', expected: { verdict: 'rejected', reason: 'CERT_HAS_EXPIRED' } });
  },
);
