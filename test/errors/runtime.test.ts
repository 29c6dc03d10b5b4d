import tls from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkRuntime } from '../../src/errors/runtime.ts';
import {
  attemptHandshake,
  createPki,
  inspectCertificate,
  observe,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
} from '../../src/index.ts';
import '../../src/vitest/setup.ts'; // the matchers: this test looks at handshakes, which tests of this layer do not by default
import { clientScenarios, runScenario, sendClientFault, startFaultServer } from '../../src/scenarios/index.ts';

const pki = createPki();
const [scenario = expect.fail('the catalogue is empty')] = clientScenarios;
const nowhere = { host: '127.0.0.1', port: 1 };

/** What would give a verdict, or observe one. */
const judging: readonly (readonly [what: string, act: () => unknown])[] = [
  ['attemptHandshake', async () => attemptHandshake(nowhere, { identity: pki.client() })],
  ['observe', () => observe(tls.createServer())],
  ['startTlsServer', async () => startTlsServer({ identity: pki.server() })],
  ['startHttpsServer', async () => startHttpsServer(() => {}, { identity: pki.server() })],
  ['startHttp2Server', async () => startHttp2Server(() => {}, { identity: pki.server() })],
  ['startFaultServer', async () => startFaultServer({ kind: 'stall' })],
  ['sendClientFault', async () => sendClientFault(nowhere, { kind: 'zero-bytes' })],
  ['runScenario', async () => runScenario(scenario, { pki, target: nowhere })],
];

/** Each as its process.versions has it, beside a `node`. */
const runtimes = [
  ['Bun 1.4.5', { bun: '1.4.5' }],
  ['Deno 2.9.6', { deno: '2.9.6' }],
] as const;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.for(runtimes)('%s', ([runtime, versions]) => {
  test.for(judging)('%s throws, because its verdict would be wrong', async ([, act]) => {
    pretend({ ...process.versions, ...versions });

    await expect((async () => act())()).rejects.toMatchObject({
      name: 'MtlsFixturesError',
      code: 'RUNTIME_UNSUPPORTED',
      facts: { runtime },
      message: expect.stringContaining('Node.js'),
    });
  });

  test('certificates are minted and read', () => {
    pretend({ ...process.versions, ...versions });

    expect(inspectCertificate(createPki().client('alice').certificatePem).commonName).toBe('alice');
  });

  test('an import warns and says what works', () => {
    pretend({ ...process.versions, ...versions });
    const emitted = vi.spyOn(process, 'emitWarning').mockReturnValue();

    checkRuntime();

    expect(emitted.mock.calls).toEqual([
      [
        expect.stringMatching(new RegExp(`^mtls-fixtures on ${runtime}: minting.* work\\. .*RUNTIME_UNSUPPORTED`, 'u')),
        { code: 'MTLS_FIXTURES_RUNTIME' },
      ],
    ]);
  });
});

test.for([
  ['without process', undefined],
  ['with the process of a bundler', { env: {} }],
] as const)('an import %s says that there is no Node.js, and where the tests can run', ([, process]) => {
  vi.stubGlobal('process', process);

  expect(checkRuntime).toThrow(
    expect.objectContaining({ code: 'RUNTIME_UNSUPPORTED', message: expect.stringMatching(/browser.*node, jsdom or happy-dom/u) }),
  );
});

test('an import on Node.js says nothing, and its servers are judged', async () => {
  const emitted = vi.spyOn(process, 'emitWarning').mockReturnValue();

  checkRuntime();
  await using server = await startTlsServer({ identity: pki.server() });

  expect(await attemptHandshake(server, { identity: pki.client() })).toBeAccepted();
  expect(emitted.mock.calls).toEqual([]);
});

function pretend(versions: NodeJS.ProcessVersions & { readonly bun?: string; readonly deno?: string }): void {
  vi.spyOn(process, 'versions', 'get').mockReturnValue(versions);
}
