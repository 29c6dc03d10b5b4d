import https from 'node:https';
import { describe, expect, test } from 'vitest';
import { createPki, startHttpsServer, startTlsServer } from '../../../src/index.ts';
import { clientScenarios } from '../../../src/scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../../src/scenarios/catalogue/protocol-catalogue.ts';
import { type AnyScenario, type RunOptions, runScenarioAgainst } from '../../../src/scenarios/run/run-scenario.ts';
import type { ServerConfiguration, ServerTarget } from '../../../src/scenarios/run/target.ts';

const pki = createPki({ name: 'usual' });
const admins = createPki({ name: 'admins' });
const hosts = { 'admin.test': { pki: admins }, 'WWW.test': { pki } };

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  test.for([
    ['no-client-certificate', 'admin.test'],
    ['expired-leaf', 'admin.test'],
    ['crl-revoked-leaf', 'www.test'],
    ['wrong-finished', 'admin.test'],
    ['resumption-after-anchor-rotation', 'admin.test'],
    ['empty-certificate-list-then-data', 'admin.test'],
    ['host-ca-of-another-host', 'Admin.test'],
    ['host-ca-of-another-host', undefined],
    ['sni-uppercase', 'admin.test'],
    ['sni-uppercase-without-certificate', 'admin.test'],
    ['sni-trailing-dot-without-certificate', 'admin.test'],
    ['resumption-across-sni', 'admin.test'],
    ['resumption-across-sni', undefined],
  ] as const)('%s is as expected at the host %s of a correct server', async ([id, host]) => {
    await using server = await startHttpsServer((_request, response) => response.end('ok'), { pki, hosts });

    const result = await run(id, { target: server, version, ...(host && { host }) });

    expect(result).toMatchObject({ status: 'as-expected' });
    expect([server.hosts['admin.test']?.trust, server.hosts['admin.test']?.crl ?? []]).toEqual([admins.anchors, []]);
    expect(server.trust).toBe(pki.anchors);
  });

  test('a server that trusts every root at each host fails with each scenario about them', async () => {
    const everyRoot = [pki.anchors, admins.anchors];
    await using server = await startTlsServer({ pki, trust: everyRoot, hosts: { 'admin.test': { pki: admins, trust: everyRoot } } });
    const only = { hosts: { 'admin.test': { pki: admins } }, target: server, version };

    for (const host of [{}, { host: 'admin.test' }])
      expect(await run('host-ca-of-another-host', { ...only, ...host })).toMatchObject({
        status: 'unexpected',
        handshake: { verdict: 'accepted' },
      });
  });
});

test.for([
  ['host-header-of-protected-host', 'as-expected'],
  ['sni-host-header-mismatch', 'not-judged'],
] as const)('%s of an application that compares the names is %s', async ([id, status]) => {
  await using server = await startHttpsServer(
    ({ headers, socket }, response) => {
      const { servername } = socket as unknown as { readonly servername: string | false }; // a TLS socket's
      response.statusCode = headers.host === 'admin.test' && servername !== 'admin.test' ? 421 : 200;
      response.end();
    },
    { pki, hosts },
  );

  expect(await run(id, { target: server, host: 'admin.test' })).toMatchObject({ status });
});

test('a request for another host that is served is unexpected', async () => {
  await using server = await startHttpsServer((_request, response) => response.end(), { pki, hosts });

  expect(await run('host-header-of-protected-host', { target: server, host: 'admin.test' })).toMatchObject({ status: 'unexpected' });
  expect(await run('host-header-of-protected-host-http2', { target: server, host: 'admin.test' })).toMatchObject({ unsuitable: true });
});

test('a server that is started gets its hosts, and the change of one host in its place alone', async () => {
  const configurations: ServerConfiguration[] = [];
  const target: ServerTarget = {
    start: (configuration) => {
      configurations.push(configuration);
      return startHttpsServer((_request, response) => response.end(), configuration);
    },
  };

  expect(await run('crl-revoked-leaf', { target, host: 'admin.test' })).toMatchObject({ status: 'as-expected' });

  const [control, tried] = configurations;
  for (const configuration of [control, tried]) {
    expect(configuration).toMatchObject({ trust: pki.anchors, hosts: { 'www.test': { trust: pki.anchors } } });
    expect(configuration).not.toHaveProperty('crl');
    expect(configuration?.hosts?.['www.test']).not.toHaveProperty('crl');
    expect(configuration?.hosts?.['admin.test']?.crl).toHaveLength(2);
    expect(configuration?.hosts?.['admin.test']?.identity.certificate.subjectAltName).toBe('DNS:admin.test');
  }
});

test.for(['host-ca-of-another-host', 'sni-uppercase', 'resumption-across-sni'])(
  '%s does not concern a server without hosts',
  async (id) => {
    await using server = await startTlsServer({ pki });
    const scenario = scenarioOf(id);

    expect(await runScenarioAgainst(scenario, { pki, target: server })).toMatchObject({ status: 'not-judged', unsuitable: true });
  },
);

test('names in a server of the user that cannot be rotated are not judged where they would have to be', async () => {
  const identity = pki.server({ dns: ['localhost', 'admin.test'] });
  const target: ServerTarget = { start: () => https.createServer({ ...identity.serverTls, ca: [pki.anchors] }) };

  expect(await run('no-client-certificate', { target, hosts: { 'admin.test': { pki } }, host: 'admin.test' })).toMatchObject({
    status: 'as-expected',
  });
});

test.for([
  [{ hosts: { '*.test': { pki } } }, '*.test'],
  [{ hosts: { 'a.*.test': { pki } } }, 'a.*.test'],
  [{ hosts: { '127.0.0.1': { pki } } }, '127.0.0.1'],
  [{ hosts: { 'admin.test.': { pki } } }, 'admin.test.'],
  [{ hosts: { 'admin.test': { pki }, 'ADMIN.test': { pki } } }, 'ADMIN.test'],
  [{ hosts: { 'admin.test': {} } }, 'undefined'],
  [{ hosts: { 'admin.test': { pki, trust: '' } } }, 'trust'],
  [{ hosts: { 'admin.tets': { pki } } }, 'admin.tets'],
  [{ hosts: 'admin.test' }, 'admin.test'],
  [{ hosts, host: 'other.test' }, 'other.test'],
  [{ host: 'admin.test' }, 'admin.test'],
  [{ hosts, host: '' }, ''],
] as const)('%o is refused before anything starts', async ([given, value]) => {
  await using server = await startTlsServer({ pki, hosts });
  const options = { pki, target: server, ...given } as unknown as RunOptions<ServerTarget>; // the compiler would refuse some

  await expect(runScenarioAgainst(scenarioOf('expired-leaf'), options)).rejects.toMatchObject({ code: 'OPTION_INVALID', facts: { value } });
  expect(server.handshakes).toEqual([]);
});

function run(
  id: string,
  options: Omit<RunOptions<ServerTarget>, 'pki' | 'hosts'> & Partial<Pick<RunOptions<ServerTarget>, 'hosts'>>,
): ReturnType<typeof runScenarioAgainst> {
  return runScenarioAgainst(scenarioOf(id), { pki, hosts, ...options });
}

function scenarioOf(id: string): AnyScenario {
  const found = [...clientScenarios, ...protocolScenarios].find((scenario) => scenario.id === id);
  if (!found) throw new RangeError(`there is no scenario ${id}`);
  return found;
}
