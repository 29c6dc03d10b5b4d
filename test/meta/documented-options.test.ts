import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import tls from 'node:tls';
import { waitForMtls, withMtls } from '../../src/containers/index.ts';
import {
  attemptHandshake,
  createPki,
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
import { type Call, misspelledOf, neighborsOf, settled, takenOf } from './misspelled-options.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client();
let server: ObservedServer;
beforeAll(async () => {
  server = await startTlsServer({ identity });
});
afterAll(() => server.close());

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
    const wrong = neighborsOf(name).filter((neighbor) => ![...ours, ...nodes].includes(neighbor));

    expect(wrong.length).toBeGreaterThan(10);
    expect(await takenOf(call, wrong)).toEqual([]);
  });

  test.for([...new Set(nodes)].map((name) => [name]))(
    "knows Node's option %s: passes it on, or says what to use instead",
    async ([name = '']) => {
      expect(await misspelledOf(call, [name])).toEqual([]);
      expect(
        await takenOf(
          call,
          neighborsOf(name).filter((each) => each.length > 4 && ![...ours, ...nodes].includes(each)),
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
    const wrong = ours.flatMap(neighborsOf).filter((neighbor) => !ours.includes(neighbor));

    expect(wrong.length).toBeGreaterThan(20);
    expect(await takenOf(call, [...wrong, 'frobnicate', 'constructor'])).toEqual([]);
  });
});

function raise(message: string): never {
  throw new Error(message);
}
