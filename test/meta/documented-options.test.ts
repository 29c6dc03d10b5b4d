import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import tls from 'node:tls';
import { waitForMtls, withMtls } from '../../src/containers/index.ts';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  MtlsFixturesError,
  type ObservedServer,
  observe,
  selfSignedIdentity,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';
import { clientScenarios, runScenario, sendClientFault, startFaultServer, startRevocationServer } from '../../src/scenarios/index.ts';
import { MtlsReporter } from '../../src/report/index.ts';
import { describeClientUnderTest, describeServerUnderTest } from '../../src/vitest/index.ts';
import { membersOf, nodeMembersOf } from './interface-members.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client();
let server: ObservedServer;
beforeAll(async () => {
  server = await startTlsServer({ identity });
});
afterAll(() => server.close());

/** A call with options, as a program in JavaScript makes it. */
type Call = (options: Readonly<Record<string, never>>) => unknown;

/** Names of this project's documentation, names of Node's that it is given, and the call. */
interface Documented {
  readonly what: string;
  readonly ours: readonly string[];
  readonly nodes: readonly string[];
  readonly call: Call;
}

const handler = (): void => {};
const nodesContext = nodeMembersOf('tls', 'SecureContextOptions');
const nodesServer = [
  ...nodesContext,
  ...nodeMembersOf('tls', 'TlsOptions', 'CommonConnectionOptions'),
  ...nodeMembersOf('net', 'ServerOpts'),
];
const nodesHttp = nodeMembersOf('http', 'ServerOptions');
const serverOptions = membersOf('src/handshake/server/server-options.ts', 'PkiServerOptions', 'ServerOptions', 'ObserveOptions').filter(
  (name) => name !== 'context',
);
const leafOptions = membersOf('src/pki/leaf-options.ts', 'CertificateOptions', 'LeafOptions');
const suiteOptions = [
  ...membersOf('src/scenarios/catalogue/select-scenarios.ts', 'Selection'),
  ...membersOf('src/vitest/suites/suite-options.ts', 'SuiteOptions'),
];

/** Calls that hand to Node what is not theirs. */
const passing: readonly Documented[] = [
  {
    what: 'attemptHandshake',
    ours: membersOf('src/handshake/attempt/attempt-options.ts', 'AttemptOptions'),
    nodes: [
      ...nodesContext,
      ...nodeMembersOf('tls', 'ConnectionOptions', 'CommonConnectionOptions'),
      ...nodeMembersOf('net', 'TcpSocketConnectOpts', 'SocketConstructorOpts', 'TcpNetConnectOpts'),
    ],
    call: (options) => attemptHandshake(server, options),
  },
  {
    what: 'startTlsServer',
    ours: [...serverOptions, ...membersOf('src/handshake/server/start-server.ts', 'TlsServerOptions')],
    nodes: nodesServer,
    call: (options) => startTlsServer({ identity, ...options }),
  },
  {
    what: 'startHttpsServer',
    ours: serverOptions,
    nodes: [...nodesServer, ...nodesHttp],
    call: (options) => startHttpsServer(handler, { identity, ...options }),
  },
  {
    what: 'startHttp2Server',
    ours: serverOptions,
    nodes: [...nodesServer, ...nodesHttp, ...nodeMembersOf('http2', 'SessionOptions', 'ServerSessionOptions', 'SecureServerOptions')],
    call: (options) => startHttp2Server(handler, { identity, ...options }),
  },
];

/** Calls that look at every option themselves. */
const strict: readonly Omit<Documented, 'nodes'>[] = [
  {
    what: 'observe',
    ours: membersOf('src/handshake/server/server-options.ts', 'ObserveOptions'),
    call: (options) => observe(tls.createServer(identity.serverTls), options),
  },
  {
    what: 'rotate',
    ours: membersOf('src/handshake/server/observed-server.ts', 'RotateOptions'),
    call: (options) => {
      server.rotate(options);
    },
  },
  { what: 'nextHandshake', ours: ['timeout'], call: (options) => server.nextHandshake(options) },
  { what: 'createPki', ours: membersOf('src/pki/pki.ts', 'PkiOptions'), call: (options) => createPki(options) },
  { what: 'pki.server', ours: leafOptions, call: (options) => pki.server(options) },
  { what: 'pki.client', ours: leafOptions, call: (options) => pki.client('alice', options) },
  { what: 'authority.issue', ours: leafOptions, call: (options) => pki.issuer.issue(options) },
  {
    what: 'authority.issueAuthority',
    ours: membersOf('src/pki/leaf-options.ts', 'CertificateOptions', 'AuthorityOptions'),
    call: (options) => pki.root.issueAuthority(options),
  },
  {
    what: 'authority.crl',
    ours: membersOf('src/pki/revocation/revocation-register.ts', 'CrlOptions'),
    call: (options) => createPki().issuer.crl(options),
  },
  {
    what: 'authority.revoke',
    ours: membersOf('src/pki/revocation/revocation-register.ts', 'Revocation'),
    call: (options) => {
      createPki().issuer.revoke(5n, options);
    },
  },
  {
    what: 'authority.ocspResponse',
    ours: membersOf('src/pki/revocation/ocsp-responder.ts', 'OcspOptions'),
    call: (options) => pki.issuer.ocspResponse(client, options),
  },
  {
    what: 'selfSignedIdentity',
    ours: membersOf('src/pki/self-signed-identity.ts', 'SelfSignedOptions'),
    call: (options) => selfSignedIdentity(options),
  },
  {
    what: 'startFaultServer',
    ours: membersOf('src/faults/server/fault-server-options.ts', 'FaultServerOptions'),
    call: (options) => startFaultServer({ kind: 'stall' }, options),
  },
  {
    what: 'sendClientFault',
    ours: membersOf('src/faults/client/client-fault-options.ts', 'ClientFaultOptions'),
    call: (options) => sendClientFault(server, { kind: 'connect-and-close' }, options),
  },
  {
    what: 'startRevocationServer',
    ours: membersOf('src/revocation/revocation-server-options.ts', 'RevocationServerOptions', 'RevocationAnswers'),
    call: (options) => startRevocationServer(pki, options),
  },
  {
    what: 'MtlsReporter',
    ours: [
      ...membersOf('src/report/mtls-reporter.ts', 'MtlsReporterOptions'),
      ...membersOf('src/report/outputs/output-options.ts', 'OutputOptions'),
    ],
    call: (options) => new MtlsReporter(options),
  },
];

/** Calls whose every option is refused or taken before what they do; that is not done here. */
const refusing: readonly Omit<Documented, 'nodes'>[] = [
  ...strict,
  {
    what: 'runScenario',
    ours: membersOf('src/scenarios/run/run-scenario.ts', 'RunOptions'),
    call: (options) => runScenario(clientScenarios[0] ?? raise('the catalogue is empty'), { pki, target: server, ...options }),
  },
  {
    what: 'describeServerUnderTest',
    ours: [...suiteOptions, ...membersOf('src/vitest/suites/suite-options.ts', 'ServerSuiteOptions')],
    call: (options) => {
      describeServerUnderTest('it', { target: server }, options);
    },
  },
  {
    what: 'describeClientUnderTest',
    ours: [...suiteOptions, ...membersOf('src/vitest/suites/suite-options.ts', 'ClientSuiteOptions')],
    call: (options) => {
      describeClientUnderTest('it', async () => {}, options);
    },
  },
  {
    what: 'withMtls',
    ours: membersOf('src/containers/with-mtls.ts', 'WithMtlsOptions'),
    call: (options) => withMtls({} as never, pki, options),
  },
  {
    what: 'waitForMtls',
    ours: membersOf('src/containers/mtls-wait.ts', 'MtlsWaitOptions'),
    call: (options) => waitForMtls({ identity: client, ...options }),
  },
];

describe.for(passing.map((documented) => [documented.what, documented] as const))('%s', ([, { ours, nodes, call }]) => {
  test.for(ours.map((name) => [name]))('has the option %s', async ([name = '']) => {
    expect(await settled(call, { [name]: undefined })).toBe(name === 'identity' && call !== passing[0]?.call ? 'refused' : 'taken');
  });

  test.for(ours.map((name) => [name]))('refuses what one edit makes of %s', async ([name = '']) => {
    const wrong = neighboursOf(name).filter((neighbour) => ![...ours, ...nodes].includes(neighbour));

    expect(wrong.length).toBeGreaterThan(10);
    expect(await takenOf(call, wrong)).toEqual([]);
  });

  test.for([...new Set(nodes)].map((name) => [name]))(
    "knows Node's option %s: passes it on, or says what to use instead",
    async ([name = '']) => {
      expect(await misspeltOf(call, [name])).toEqual([]);
      expect(
        await takenOf(
          call,
          neighboursOf(name).filter((each) => each.length > 4 && ![...ours, ...nodes].includes(each)),
        ),
      ).toEqual([]);
    },
  );

  test('leaves to Node what resembles nothing', async () => {
    expect(await settled(call, { frobnicate: 1 })).toBe('taken');
  });
});

describe.for(strict.map((documented) => [documented.what, documented] as const))('%s', ([, { ours, call }]) => {
  test.for(ours.map((name) => [name]))('has the option %s', async ([name = '']) => {
    expect(await settled(call, { [name]: undefined })).toBe('taken');
  });
});

describe.for(refusing.map((documented) => [documented.what, documented] as const))('%s', ([, { ours, call }]) => {
  test('refuses what one edit makes of its options, and any other name', async () => {
    const wrong = ours.flatMap(neighboursOf).filter((neighbour) => !ours.includes(neighbour));

    expect(wrong.length).toBeGreaterThan(20);
    expect(await takenOf(call, [...wrong, 'frobnicate', 'constructor'])).toEqual([]);
  });
});

test('refuses what one edit makes of the fields of an endpoint, and options of the attempt in it', async () => {
  const fields = membersOf('src/handshake/attempt/attempt-options.ts', 'Endpoint');
  const { host, port } = server;
  const trust = pki;
  const full = { host, port };

  expect(await settled(() => attemptHandshake({ ...full, servername: 'localhost' }, { trust }), {})).toBe('taken');
  expect(fields).toEqual(['host', 'port', 'servername', 'starttls']);
  for (const name of fields) {
    const wrong = neighboursOf(name);
    const call: Call = (options) => {
      const others: object = { ...full, ...options };
      const target = Object.fromEntries(Object.entries(others).filter(([each]) => each !== name || !(name in full)));
      return attemptHandshake(target as never, { trust });
    };
    expect(await takenOf(call, wrong, 'any')).toEqual([]);
  }
  expect(
    await takenOf((options) => attemptHandshake({ ...full, ...options }, { trust }), ['crl', 'trust', 'timeout', 'maxVersion']),
  ).toEqual([]);
});

test('refuses what one edit makes of the fields of a PEM identity, and takes what other tools add', () => {
  const { key, cert, ca } = client.tls;
  const given = { key, cert, ca };

  expect(identityFromPem({ ...given, fingerprint: 'aa' } as never).name).toBe(client.name);
  for (const name of ['pasphrase', 'passphrsae', 'passphrases'])
    expect(() => identityFromPem({ ...given, [name]: 'secret' })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

/** What is deleted, swapped, doubled, replaced or added by one slip of a finger. */
function neighboursOf(name: string): readonly string[] {
  const found = new Set<string>();
  for (let at = 0; at < name.length; at += 1) {
    const [head, letter, next, rest] = [name.slice(0, at), name.charAt(at), name.charAt(at + 1), name.slice(at + 2)];
    found.add(head + next + rest);
    found.add(head + next + letter + rest);
    found.add(`${head}${letter}${letter}${next}${rest}`);
    found.add(`${head}x${next}${rest}`);
  }
  found.add(`${name}s`);
  found.delete(name);
  found.delete('');
  return [...found];
}

/** The names that a call takes, of those that it is not to take: the others are refused by name. */
async function takenOf(call: Call, names: readonly string[], how: 'by-name' | 'any' = 'by-name'): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const name of names) {
    const error = await failureOf(call, { [name]: 5 });
    const isRefused =
      error instanceof MtlsFixturesError &&
      String(error.code).startsWith('OPTION_') &&
      (how === 'any' || Object(error.facts).value === name);
    if (!isRefused) taken.push(name);
  }
  return taken;
}

/** The names that a call takes for others. */
async function misspeltOf(call: Call, names: readonly string[]): Promise<readonly unknown[]> {
  const errors = await Promise.all(names.map((name) => failureOf(call, { [name]: undefined })));
  return errors.filter((error) => {
    const { value, expected } = Object(Object(error).facts) as { readonly value?: unknown; readonly expected?: unknown }; // nothing of undefined
    return error !== undefined && (!names.includes(String(value)) || String(expected).includes('did you mean'));
  });
}

async function settled(call: Call, options: Readonly<Record<string, unknown>>): Promise<'taken' | 'refused'> {
  return (await failureOf(call, options)) === undefined ? 'taken' : 'refused';
}

async function failureOf(call: Call, options: Readonly<Record<string, unknown>>): Promise<unknown> {
  try {
    const value: unknown = await call(options as Readonly<Record<string, never>>); // whatever JavaScript hands over
    await (value as { close?(): Promise<void> } | undefined)?.close?.(); // of a server, which is not to stay
    return undefined;
  } catch (error) {
    return error;
  }
}

function raise(message: string): never {
  throw new Error(message);
}
