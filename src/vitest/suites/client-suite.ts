import { serverScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { protocolScenarios } from '../../scenarios/catalogue/protocol-catalogue.ts';
import { requireAnswer } from '../../scenarios/run/client/respond.ts';
import { tryValidServer } from '../../scenarios/run/client/valid-server.ts';
import type { ClientCall } from '../../scenarios/run/target.ts';
import { runPki } from '../run-pki.ts';
import { ClientNames } from './client-names.ts';
import { versionLacking } from './first-look.ts';
import { defineSuite } from './scenario-suite.ts';
import { type ClientSuiteOptions, usualTimeout } from './suite-options.ts';
import type { EndUnderTest } from './suite-plan.ts';

/** Defines the tests of `describeClientUnderTest`. */
export function defineClientSuite(
  name: string,
  call: ClientCall,
  { isSwitchedOff, ...options }: ClientSuiteOptions & { readonly isSwitchedOff: boolean },
): Promise<void> {
  requireAnswer(options);
  return defineSuite(clientEnd(name, call, options), options, isSwitchedOff);
}

/** The client under test of a suite. */
export function clientEnd(name: string, call: ClientCall, options: ClientSuiteOptions): EndUnderTest {
  const { pki = runPki(), timeout = usualTimeout, startPeer, respond, authorizes } = options;
  const usual = { pki, timeout, startPeer, respond, authorizes, expected: undefined, controlled: false };
  const names = new ClientNames(call, usual);
  return {
    name,
    pki,
    underTest: 'client',
    scenarios: [...serverScenarios, ...protocolScenarios.filter((scenario) => scenario.underTest === 'client')],
    controlTitle: 'trusts the valid server',
    controlRefused: 'the valid server was refused',
    controlUnjudged: 'the valid server was neither accepted nor refused',
    target: () => call,
    control: (version) => tryValidServer(call, { ...usual, version }),
    look: async (scenarios) => {
      const versions = await versionLacking(async (version) => (await tryValidServer(call, { ...usual, version })).refusesVersion);
      return { versions, group: await names.unfit(scenarios, versions.has('TLSv1.3') ? 'TLSv1.2' : 'TLSv1.3') };
    },
    unfit: (scenario, version) => names.whyUnfit(scenario, version),
    ...(startPeer && { startPeer }),
    ...(respond !== undefined && { respond }),
  };
}
