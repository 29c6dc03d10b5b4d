import { describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  inspectCertificate,
  type LeafOptions,
  type Pki,
  restorePki,
  startTlsServer,
} from '../../src/index.ts';
import { clientScenarios, runScenario, serverScenarios } from '../../src/scenarios/index.ts';
import { permittedConstraints } from '../../src/pki/permitted.ts';
import '../../src/vitest/setup.ts'; // the matchers: this test looks at handshakes, which tests of this layer do not by default

const permitted = ['localhost', '127.0.0.0/8', '::1', 'service.test', 'spiffe://example.test', '@example.test'];

describe('the names of a client', () => {
  test.for<[what: string, options: LeafOptions]>([
    ['none', {}],
    ['a host', { dns: 'service.test' }],
    ['a host below', { dns: ['localhost', 'a.b.service.test'] }],
    ['an address of a block', { ip: '127.255.0.1' }],
    ['the address', { ip: '::1' }],
    ['a URI of the host', { uri: 'spiffe://example.test/alice' }],
    ['a mailbox of the host', { email: 'alice@example.test' }],
  ])('that are permitted are accepted: %s', async ([, options]) => {
    const pki = createPki({ permitted });
    await using server = await startTlsServer({ identity: pki.server() });

    expect(await attemptHandshake(server, { identity: pki.client('alice', options) })).toBeAccepted();
  });

  test.for<[what: string, options: LeafOptions]>([
    ['another host', { dns: ['localhost', 'other.test'] }],
    ['a host that ends alike', { dns: 'microservice.test' }],
    ['the host above', { dns: 'test' }],
    ['a common name that is a host', { commonName: 'alice.other.test' }],
    ['an address outside the block', { ip: ['127.0.0.1', '128.0.0.1'] }],
    ['another address', { ip: '::2' }],
    ['a URI of another host', { uri: 'spiffe://other.test/alice' }],
    ['a URI of a host below', { uri: 'spiffe://a.example.test/alice' }],
    ['a mailbox of another host', { email: 'alice@a.example.test' }],
  ])('that are not permitted are refused, alert and all: %s', async ([, options]) => {
    const pki = createPki({ permitted });
    await using server = await startTlsServer({ identity: pki.server() });

    expect(await attemptHandshake(server, { identity: pki.client('alice') })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client(undefined, options) })).toBeRejected({
      by: 'server',
      reason: 'PERMITTED_VIOLATION',
      alert: 'certificate_unknown',
    });
  });

  test.for<[form: string, permits: string[], options: LeafOptions]>([
    ['host names', ['127.0.0.1'], { dns: 'a.test' }],
    ['addresses', ['localhost'], { ip: '127.0.0.1' }],
    ['addresses of IPv6', ['localhost', '127.0.0.1'], { ip: '::1' }],
    ['addresses of IPv4', ['localhost', '::1'], { ip: '127.0.0.1' }],
    ['URIs', ['localhost'], { uri: 'https://localhost/' }],
    ['mailboxes', ['localhost'], { email: 'alice@localhost' }],
  ])('may be no %s where none of them is listed', async ([, permits, options]) => {
    const pki = createPki({ permitted: permits });
    await using server = await startTlsServer({ identity: pki.server() });
    const servername = pki.permitted?.includes('localhost') === true ? 'localhost' : '127.0.0.1';

    expect(await attemptHandshake(server, { identity: pki.client('alice'), servername })).toBeAccepted();
    expect(await attemptHandshake(server, { identity: pki.client('alice', options), servername })).toBeRejected({
      by: 'server',
      reason: 'PERMITTED_VIOLATION',
    });
  });
});

test.for([0, 1, 2])('the root and all of %s intermediates have the constraints, critical', (intermediates) => {
  const pki = createPki({ permitted, intermediates });
  const certificates = [pki.root.certificate.raw];
  for (let authority = pki.issuer; authority.parent; authority = authority.parent) certificates.push(authority.certificate.raw);

  expect(certificates).toHaveLength(intermediates + 1);
  for (const certificate of certificates) expect(certificate.toString('hex')).toContain('0603551d1e0101ff04');
  expect(createPki({ intermediates }).root.certificate.raw.toString('hex')).not.toContain('0603551d1e');
});

test('each entry becomes a subtree of its form, once', () => {
  expect(
    permittedConstraints([
      'Service.test',
      'service.TEST',
      'bücher.test',
      '10.0.0.0/8',
      'fd00::/8',
      '192.0.2.1',
      'https://.a.test/',
      'spiffe://b.test',
      'alice@c.test',
      '@d.test',
      '@.e.test',
    ]),
  ).toEqual({
    permitted: {
      dns: ['service.test', 'xn--bcher-kva.test'],
      ip: ['10.0.0.0/8', '192.0.2.1/32', 'fd00::/8'],
      uri: ['.a.test', 'b.test'],
      email: ['alice@c.test', 'd.test', '.e.test'],
    },
  });
});

test.for<[entries: unknown, said: string]>([
  [[], 'a list of at least one name'],
  ['localhost', 'a list of at least one name'],
  [null, 'a list of at least one name'],
  [[''], 'text that is not empty'],
  [[7], 'text that is not empty'],
  [['*.service.test'], '"service.test", which covers itself and every name below it'],
  [['.service.test'], '"service.test", which covers itself and every name below it'],
  [['ser*.test'], 'a host name, an IP address or block'],
  [['two words'], 'a host name, an IP address or block'],
  [['localhost:8443'], 'a host name, an IP address or block'],
  [['10.0.0.1/8'], '"10.0.0.1", or a block whose address has no bits beyond its prefix'],
  [['fd00::1/64'], '"fd00::1", or a block whose address has no bits beyond its prefix'],
  [['10.0.0.0/33'], 'an IP address, or a block'],
  [['::/129'], 'an IP address, or a block'],
  [['10.0.0.0/8/8'], 'an IP address, or a block'],
  [['service.test/8'], 'an IP address, or a block'],
  [['10.0.0.0/'], 'an IP address, or a block'],
  [['fe80::1%eth0'], 'an IP address, or a block'],
  [['https://a.test/path'], 'only the host is constrained'],
  [['https://a.test:8443'], 'only the host is constrained'],
  [['https://*.a.test'], 'only the host is constrained'],
  [['https://10.0.0.1'], 'only the host is constrained'],
  [['https://'], 'only the host is constrained'],
  [['*@a.test'], '@example.test for the mailboxes of that host'],
  [['alice@'], '@example.test for the mailboxes of that host'],
  [['alice@.a.test'], '@example.test for the mailboxes of that host'],
  [['localhost', '@'], '@example.test for the mailboxes of that host'],
])('permitted: %j is refused before anything is minted', ([entries, said]) => {
  const options = { permitted: entries as string[] }; // what a caller without types may pass

  expect(() => createPki(options)).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(said),
      facts: expect.objectContaining({ option: 'permitted' }),
    }),
  );
});

describe('a server without names of its own', () => {
  test.for<[permits: string[] | undefined, dns: string[], ip: string[], commonName: string | undefined]>([
    [undefined, ['localhost'], ['127.0.0.1', '::1'], 'localhost'],
    [['localhost', '127.0.0.0/8', '::1'], ['localhost'], ['127.0.0.1', '::1'], 'localhost'],
    [['LOCALHOST'], ['localhost'], [], 'localhost'],
    [['127.0.0.1', 'service.test'], [], ['127.0.0.1'], undefined],
    [['::/0'], [], ['::1'], undefined],
  ])('of a PKI that permits %j has those of the usual that are permitted', async ([permits, dns, ip, commonName]) => {
    const pki = createPki(permits && { permitted: permits });
    const identity = pki.server();
    const certificate = inspectCertificate(identity.certificate);

    expect(certificate.altNames).toEqual({ dns, ip, uri: [], email: [] });
    expect(certificate.commonName).toBe(commonName);
    await using server = await startTlsServer({ identity });
    const name = dns[0] ?? ip[0] ?? '';
    const handshake = await attemptHandshake(server, { identity: pki.client(), servername: name });
    // A client on Node 22.23 takes no IPv6 address for one, whatever the certificate says (measured; 22.12, 24.21 and 26.10 do).
    const isOverlooked = name === '::1' && process.versions.node.startsWith('22.');
    expect(handshake.verdict).toBe(isOverlooked ? 'rejected' : 'accepted');
  });

  test('of a PKI that permits none of the usual ones is refused at once, and one with names is not', () => {
    const pki = createPki({ permitted: ['service.test'] });

    expect(() => pki.server()).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('names that the PKI permits (service.test)') }),
    );
    expect(inspectCertificate(pki.server({ dns: 'service.test' }).certificate).altNames.dns).toEqual(['service.test']);
  });
});

test('a restored PKI is as constrained as it was, and knows it', async () => {
  const pki = createPki({ permitted: ['localhost'] });
  const restored = restorePki(JSON.parse(JSON.stringify(pki.serialize())));
  await using server = await startTlsServer({ identity: restored.server() });

  expect(restored.permitted).toEqual(['localhost']);
  expect(await attemptHandshake(server, { identity: restored.client('alice') })).toBeAccepted();
  expect(await attemptHandshake(server, { identity: restored.client('alice', { dns: 'a.test' }) })).toBeRejected({ by: 'server' });
  expect(restorePki(createPki().serialize()).permitted).toBeUndefined();
});

test.for<[what: string, permits: unknown]>([
  ['others than its root has', ['service.test']],
  ['no names', 'localhost'],
])('a serialized PKI that lists %s is not restored', ([, permits]) => {
  const serialized = { ...createPki({ permitted: ['localhost'] }).serialize(), permitted: permits as string[] }; // what may be in a file

  expect(() => restorePki(serialized)).toThrow(expect.objectContaining({ code: 'SERIALIZED_PKI_INVALID' }));
});

test('the list of a PKI is its own: a later change of the options changes nothing', () => {
  const names = ['localhost'];
  const pki = createPki({ permitted: names });
  names.push('service.test');

  expect(pki.permitted).toEqual(['localhost']);
  expect(pki.permitted).toSatisfy(Object.isFrozen);
});

test('a running server takes another identity of a constrained PKI', async () => {
  const pki = createPki({ permitted: ['localhost', 'service.test'] });
  await using server = await startTlsServer({ identity: pki.server() });
  server.rotate({ identity: pki.server({ dns: 'a.service.test' }) });

  const handshake = await attemptHandshake(server, { identity: pki.client('alice'), servername: 'a.service.test' });
  expect(handshake).toBeAccepted();
  expect(handshake.serverCertificate?.altNames.dns).toEqual(['a.service.test']);
});

describe('the catalogue under a PKI that permits the names of this machine', () => {
  const pki = createPki({ permitted: ['localhost', '127.0.0.0/8', '::1'] });

  test.for(['expired-leaf', 'unknown-ca', 'eku-opposite-role'])('judges %s as ever, after its control', async (id) => {
    await using server = await startTlsServer({ identity: pki.server() });

    expect(await runScenario(scenarioOf(clientScenarios, id), { pki, target: server })).toMatchObject({ status: 'as-expected' });
  });

  test('does not judge a client scenario whose names are outside: it would be refused for that alone', async () => {
    await using server = await startTlsServer({ identity: pki.server() });

    expect(await runScenario(scenarioOf(clientScenarios, 'nc-permitted-dns-violated'), { pki, target: server })).toMatchObject({
      status: 'not-judged',
      unsuitable: true,
      message: expect.stringContaining('not all among those that the PKI permits (localhost, 127.0.0.0/8, ::1)'),
    });
  });

  test.for<[what: string, permits: Pki, status: string]>([
    ['of this machine', pki, 'not-judged'],
    ['that the scenario needs too', createPki({ permitted: ['localhost', '127.0.0.0/8', '::1', 'test'] }), 'unexpected'],
    ['of all kinds', createPki(), 'unexpected'],
  ])('a client that does not look at host names passes for no good one where the PKI permits names %s', async ([, permits, status]) => {
    const careless = async (call: {
      readonly host: string;
      readonly port: number;
      readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
    }): Promise<void> => {
      const { connect } = await import('node:tls');
      await new Promise<void>((resolve, reject) => {
        const socket = connect({ host: call.host, port: call.port, ...call.tls, checkServerIdentity: () => undefined }, () =>
          socket.write('x'),
        );
        socket.once('data', () => resolve(void socket.destroy()));
        socket.once('error', reject);
        socket.once('close', () => reject(new Error('closed')));
      });
    };

    const result = await runScenario(scenarioOf(serverScenarios, 'wrong-host'), {
      pki: permits,
      target: careless,
      startPeer: startTlsServer,
    });
    expect(result).toMatchObject({ status });
  });
});

function scenarioOf<Scenario extends { readonly id: string }>(scenarios: readonly Scenario[], id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (!found) throw new Error(`there is no scenario ${id}`);
  return found;
}
