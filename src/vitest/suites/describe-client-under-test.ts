import { describe } from 'vitest';
import { requireOptionsOf } from '../../options/schema.ts';
import type { Pki } from '../../pki/pki.ts';
import { serverScenarios } from '../../scenarios/catalogue/catalogue.ts';
import type { StartPeer } from '../../scenarios/run/client/peer-to-call.ts';
import type { ProtocolScenario } from '../../scenarios/catalogue/protocol-scenario.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import { tryValidServer } from '../../scenarios/run/run-server-scenario.ts';
import { type RunOptions, runScenario } from '../../scenarios/run/run-scenario.ts';
import { type ClientCall, parseClientCall } from '../../scenarios/run/target.ts';
import type { ServerScenario } from '../../scenarios/catalogue/scenario.ts';
import { ClientNames } from './client-names.ts';
import { isSwitchedOff, versionLacking } from './first-look.ts';
import { runPki } from '../run-pki.ts';
import { isRunWith } from './scenario-versions.ts';
import { clientSuiteSchema, defineSuite, type SuiteOptions } from './scenario-suite.ts';
import { usualTimeout } from './scenario-test.ts';

/** Options of {@link describeClientUnderTest}. */
export interface ClientSuiteOptions extends SuiteOptions {
  /** Default: the run's PKI, or a new one. */
  readonly pki?: Pki;
  /** Starts the servers that the client is to call, with the options it is given; default HTTP/2 and HTTP/1.1 by ALPN. `startTlsServer` fits. */
  readonly startPeer?: StartPeer;
}

/**
 * Defines a suite in which a client under test calls the catalogue of bad servers, and servers that misbehave: one test for each scenario
 * and version of TLS, after the positive control. `call({ url, host, port, tls })` is to resolve when the server was trusted and answered, and to reject when it was
 * refused; to resolve, to hang, not to reach the server, or to fail for another reason fails the test.
 */
export function describeClientUnderTest(name: string, call: ClientCall, options: ClientSuiteOptions = {}): void {
  parseClientCall(call);
  requireOptionsOf(clientSuiteSchema, options);
  const suite = describe(name, async () => {
    const { pki = runPki(), timeout = usualTimeout, startPeer, stack, authorizes } = options;
    const usual = { pki, timeout, startPeer, stack, authorizes, expected: undefined, controlled: false };
    const names = new ClientNames(call, usual);

    await defineSuite<ServerScenario | ProtocolScenario>(
      {
        target: name,
        role: 'client',
        scenarios: [...serverScenarios, ...protocolScenarios.filter((scenario) => scenario.underTest === 'client')],
        isRun: (scenario, version, versions) => isRunWith(scenario, { version, versions }),
        controlTitle: 'trusts the valid server',
        controlRefused: 'the valid server was refused',
        control: async (version) => {
          const { refusal, refusesVersion } = await tryValidServer(call, { ...usual, version });
          return { refusal: refusal?.message, handshake: refusal?.handshake, refusesVersion };
        },
        ...(!isSwitchedOff(suite) && {
          look: async (scenarios) => {
            const versions = await versionLacking(async (version) => (await tryValidServer(call, { ...usual, version })).refusesVersion);
            return { versions, group: await names.unfit(scenarios, versions.has('TLSv1.3') ? 'TLSv1.2' : 'TLSv1.3') };
          },
        }),
        unfit: (scenario, version) => names.whyUnfit(scenario, version),
        run: (scenario, { version, expected }) => {
          const runOptions: RunOptions<ClientCall> = {
            pki,
            target: call,
            version,
            timeout,
            controlled: true,
            ...(expected && { expected }),
            ...(stack && { stack }),
            ...(authorizes && { authorizes }),
            ...(startPeer && { startPeer }),
          };
          return scenario.role === 'protocol' ? runScenario(scenario, runOptions) : runScenario(scenario, runOptions);
        },
      },
      options,
    );
  });
}
