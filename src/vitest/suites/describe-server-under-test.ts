import { afterAll, beforeAll, describe } from 'vitest';
import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import { didYouMean } from '../../options/suggestion.ts';
import type { Pki } from '../../pki/pki.ts';
import { clientScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import { plainConfiguration, tryValidClient } from '../../scenarios/run/run-client-scenario.ts';
import type { ProtocolScenario, ServerProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import { type RunOptions, runScenario } from '../../scenarios/run/run-scenario.ts';
import { startServer, type ServerUnderTest } from '../../scenarios/run/server/server-under-test.ts';
import type { ClientScenario, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { AttemptFunction, ServerTarget, StartServer } from '../../scenarios/run/target.ts';
import { seemsToRefuseVersion } from '../../scenarios/run/version-spoken.ts';
import { isSwitchedOff, versionLacking } from './first-look.ts';
import { runPki } from '../run-pki.ts';
import { isRunWith } from './scenario-versions.ts';
import { defineSuite, serverSuiteSchema, type SuiteOptions } from './scenario-suite.ts';
import { usualTimeout } from './scenario-test.ts';
import { within } from '../../matchers/test-time.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';

/** The server under test: one that is started as it is told to be configured, one that runs already, or a function that uses it. */
export type ServerUnderTestSource =
  | { readonly start: StartServer }
  | { readonly target: ObservedServer | Endpoint | (() => ObservedServer | Endpoint | Promise<ObservedServer | Endpoint>) }
  | { readonly attempt: AttemptFunction };

/** Options of {@link describeServerUnderTest}. */
export interface ServerSuiteOptions extends SuiteOptions {
  /** Whose clients the server lets in. Default: the run's PKI, or a new one; `target` and `attempt` need the one that their server trusts. */
  readonly pki?: Pki;
}

/**
 * Defines a suite that presents the catalogue of bad client credentials to a server, and clients that misbehave: one test for each
 * scenario and version of TLS, after the positive control. `start` gets `{ identity, trust, crl }` and returns a Node server (listening or not), an `ObservedServer`, or `{ host, port, close }`;
 * it is called once for the suite, once before to see which versions it speaks, and once or twice for each scenario that needs other trust anchors or CRLs, which are skipped for `attempt` and where they cannot be set.
 */
export function describeServerUnderTest(name: string, source: ServerUnderTestSource, options: ServerSuiteOptions = {}): void {
  requireSource(source);
  requireOptionsOf(serverSuiteSchema, options);
  const suite = describe(name, async () => {
    const pki = options.pki ?? runPki();
    const timeout = options.timeout ?? usualTimeout;
    const hookTimeout = hookTimeoutFor(timeout);
    let shared: ServerUnderTest | undefined;
    beforeAll(async () => {
      shared = await within(endBefore(hookTimeout), () => open(source, pki), neverStarted);
    }, hookTimeout);
    afterAll(() => shared?.close());
    const server = (): ServerUnderTest['target'] => {
      if (!shared) throw new TypeError('the server was not started'); // beforeAll has run before any test
      return shared.target;
    };

    await defineSuite<ClientScenario | ServerProtocolScenario>(
      {
        target: name,
        role: 'server',
        scenarios: [...clientScenarios, ...protocolScenarios.filter((scenario) => isFor(scenario, source))],
        isRun: (scenario, version, versions) => isRunWith(scenario, { version, versions }),
        controlTitle: 'accepts the valid client',
        controlRefused: 'the valid client was refused',
        control: async (version) => {
          const settings = { pki, version, timeout, authorizes: options.authorizes };
          const { refusal, refusesVersion } = await tryValidClient(server(), settings);
          return { refusal: refusal?.message, handshake: refusal?.handshake, refusesVersion };
        },
        ...(!isSwitchedOff(suite) && { look: async () => ({ versions: await versionsLacking(source, pki, timeout) }) }),
        run: (scenario, { version, expected }) => {
          const running = server();
          const target = 'start' in source && typeof running !== 'function' ? { start: source.start, running } : running;
          const runOptions: RunOptions<ServerTarget> = {
            pki,
            target,
            version,
            timeout,
            controlled: true,
            ...given({ expected, stack: options.stack, authorizes: options.authorizes }),
          };
          return scenario.role === 'protocol' ? runScenario(scenario, runOptions) : runScenario(scenario, runOptions);
        },
      },
      options,
    );
  });
}

/**
 * The version that a server seems not to speak, before its tests are defined: of one that is there already or can be started. A function that uses a server or
 * names it is left for when the hooks have run.
 */
async function versionsLacking(source: ServerUnderTestSource, pki: Pki, timeout: number): Promise<ReadonlySet<TlsVersion>> {
  if ('attempt' in source || ('target' in source && typeof source.target === 'function')) return new Set();
  const server = await open(source, pki);
  const { target } = server;
  try {
    if (typeof target === 'function') return new Set();
    return await versionLacking((version) => seemsToRefuseVersion(target, { version, timeout, trust: pki.anchors }));
  } finally {
    await server.close();
  }
}

/** An attempt function can go without certificate; it cannot misbehave otherwise. */
function isFor(scenario: ProtocolScenario, source: ServerUnderTestSource): scenario is ServerProtocolScenario {
  return scenario.underTest === 'server' && (!('attempt' in source) || scenario.withoutCertificate === true);
}

function neverStarted(milliseconds: number): never {
  throw new MtlsFixturesError('SERVER_START_TIMEOUT', { milliseconds });
}

async function open(source: ServerUnderTestSource, pki: Pki): Promise<ServerUnderTest> {
  if ('start' in source) return startServer(source.start, plainConfiguration(pki));
  const target = 'attempt' in source ? source.attempt : await (typeof source.target === 'function' ? source.target() : source.target);
  return { target, close: async () => {} };
}

function given<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: NonNullable<Values[Key]>;
  }; // the same keys, where they have a value
}

function requireSource(source: unknown): void {
  const keys = typeof source === 'object' && source !== null ? Object.keys(source) : [];
  if (keys.length !== 1 || !sourceNames.includes(keys[0] ?? ''))
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'server under test',
      value: keys.join(', ') || textOf(source),
      expected: `exactly one of { start }, { target } and { attempt }${didYouMean(keys[0] ?? '', sourceNames)}`,
    });
}

const sourceNames: readonly string[] = ['start', 'target', 'attempt'];
