import { afterAll, beforeAll, describe } from 'vitest';
import type { Endpoint } from '../../handshake/attempt/attempt-options.ts';
import { isObservedServer } from '../../handshake/server/observed-node-server.ts';
import { connectTcp } from '../../net/connect-tcp.ts';
import { clientScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import type { ProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { pkisAt } from '../../scenarios/run/hosts-under-test.ts';
import { concernsHost } from '../../scenarios/run/other-hosts.ts';
import type { AnyScenario } from '../../scenarios/run/run-scenario.ts';
import { type Pkis, requireServerPki, serverAnchors } from '../../scenarios/run/run-settings.ts';
import { requireAsked } from '../../scenarios/run/server/server-request.ts';
import { usualConfiguration } from '../../scenarios/run/server/server-under-test.ts';
import { type ServerUnderTest, startServer } from '../../scenarios/run/server/start-server.ts';
import { tryValidClient } from '../../scenarios/run/server/valid-client.ts';
import { seemsToRefuseVersion } from '../../scenarios/run/version-spoken.ts';
import { runPki } from '../run-pki.ts';
import { within } from '../../matchers/test-time.ts';
import { endBefore, hookTimeoutFor } from '../test-time.ts';
import { type FirstLook, versionLacking } from './first-look.ts';
import { defineSuite, neverStarted } from './scenario-suite.ts';
import { type ServerSuiteOptions, type ServerUnderTestSource, usualTimeout } from './suite-options.ts';
import type { EndUnderTest } from './suite-plan.ts';

/** Defines the hooks and tests of `describeServerUnderTest`. */
export async function defineServerSuite(
  name: string,
  source: ServerUnderTestSource,
  { isSwitchedOff, ...options }: ServerSuiteOptions & { readonly isSwitchedOff: boolean },
): Promise<void> {
  requireAsked(options);
  requireServerPki(options.serverPki, source);
  const server = serverEnd(name, source, options);
  const hookTimeout = hookTimeoutFor(options.timeout ?? usualTimeout);
  beforeAll(() => within(endBefore(hookTimeout), () => server.open(), neverStarted), hookTimeout);
  afterAll(() => server.close(), hookTimeout);
  await defineSuite(server, options, isSwitchedOff);
  for (const end of server.atHosts)
    describe(`at ${end.host}`, async () => {
      await defineSuite(end, options, isSwitchedOff);
    });
}

/** A server under test, which has to be opened before any test is run. */
export interface ServerEnd extends EndUnderTest {
  /** The same server at each of its hosts. */
  readonly atHosts: readonly EndUnderTest[];
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The server under test of a suite. */
export function serverEnd(name: string, source: ServerUnderTestSource, options: ServerSuiteOptions): ServerEnd {
  const { pki = runPki(), serverPki, hosts, timeout = usualTimeout, authorizes, path, request, responderHost } = options;
  const pkis = pkisAt({ pki, serverPki, hosts }, source);
  let shared: ServerUnderTest | undefined;
  const running = (): ServerUnderTest['target'] => {
    if (!shared) throw new TypeError('the server was not started'); // it is opened before any test
    return shared.target;
  };
  let seen: Promise<FirstLook> | undefined;
  const endAt = (at: Pkis): EndUnderTest => ({
    name: at.servername === undefined ? name : `${name} at ${at.servername}`,
    pki,
    underTest: 'server',
    scenarios: [...clientScenarios, ...protocolScenarios.filter((scenario) => isFor(scenario, source))],
    controlTitle: 'accepts the valid client',
    controlRefused: 'the valid client was refused',
    controlUnjudged: 'the valid client was neither accepted nor refused',
    isAbout: (scenario) => isAboutHost(scenario, at),
    control: (version) => tryValidClient(running(), { ...at, version, timeout, authorizes }),
    look: () => (seen ??= versionsLacking(source, pkis, timeout).then((versions) => ({ versions }))),
    ...(serverPki && { serverPki }),
    ...(hosts && { hosts }),
    ...(at.servername !== undefined && { host: at.servername }),
    ...(path !== undefined && { path }),
    ...(request && { request }),
    ...(responderHost !== undefined && { responderHost }),
    target: () => {
      const server = running();
      return source.start && typeof server !== 'function' ? { start: source.start, running: server } : server;
    },
  });
  const [, ...named] = pkis.hosts ?? [];
  return {
    ...endAt(pkis),
    atHosts: named.map((host) => endAt({ ...pkis, ...host })),
    open: async () => {
      shared = await open(source, pkis, endBefore(hookTimeoutFor(timeout)));
      if (source.start) await requireListening(shared.target, timeout);
    },
    close: async () => shared?.close(),
  };
}

/** An attempt function can go without certificate, or present another; it cannot misbehave otherwise. */
function isFor(scenario: ProtocolScenario, source: ServerUnderTestSource): boolean {
  if (scenario.underTest === 'client') return false;
  return !source.attempt || scenario.withoutCertificate === true || scenario.byAttempt === true;
}

/** What depends on no version sends no name either, or ends before it counts: it is run once, at the default. */
function isAboutHost(scenario: AnyScenario, at: Pkis): boolean {
  const isForDefaultAlone = scenario.role === 'protocol' && scenario.versionless === true;
  return concernsHost(scenario, at) && !(isForDefaultAlone && at.servername !== undefined);
}

/**
 * The version that a server seems not to speak, before its tests are defined: of one that is there already or can be started. A function that uses a server or
 * names it is left for when the hooks have run.
 */
async function versionsLacking(source: ServerUnderTestSource, pkis: Pkis, timeout: number): Promise<ReadonlySet<TlsVersion>> {
  if (source.attempt || typeof source.target === 'function') return new Set();
  const server = await open(source, pkis, timeout);
  const { target } = server;
  try {
    if (typeof target === 'function') return new Set();
    return await versionLacking((version) => seemsToRefuseVersion(target, { version, timeout, trust: serverAnchors(pkis) }));
  } finally {
    await server.close();
  }
}

async function open(source: ServerUnderTestSource, pkis: Pkis, bound: number): Promise<ServerUnderTest> {
  if (source.start) return startServer(source.start, usualConfiguration(pkis), bound);
  const target = source.attempt ? source.attempt : await (typeof source.target === 'function' ? source.target() : source.target);
  return { target, close: async () => {} };
}

/** An address that `start` returned and that nothing listens at fails the suite once: `CONNECT_FAILED`. A server of this process is known to listen. */
async function requireListening(target: ServerUnderTest['target'], timeout: number): Promise<void> {
  if (typeof target === 'function' || isObservedServer(target)) return;
  const { host, port }: Endpoint = target;
  const socket = await connectTcp({ host, port }, { timeout });
  socket.destroy();
}
