import type { Alert } from '../../wire/records/alert-record.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { ExpectedOutcome, TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { ScenarioRecord } from '../../scenarios/records/scenario-record.ts';
import type { AnyScenario, RunOptions } from '../../scenarios/run/run-scenario.ts';
import type { ValidPeerTried } from '../../scenarios/run/server/valid-client.ts';
import type { ClientCall, ServerTarget } from '../../scenarios/run/target.ts';
import type { FirstLook } from './first-look.ts';
import type { SuiteControls } from './suite-controls.ts';
import type { SuiteOptions } from './suite-options.ts';

/** The end under test of a suite. */
export interface EndUnderTest extends Pick<
  RunOptions<unknown>,
  'pki' | 'startPeer' | 'respond' | 'serverPki' | 'hosts' | 'host' | 'path' | 'request' | 'responderHost'
> {
  /** What the suite is called. */
  readonly name: string;
  readonly underTest: ScenarioRecord['underTest'];
  readonly scenarios: readonly AnyScenario[];
  /** `accepts the valid client` */
  readonly controlTitle: string;
  /** `the valid client was refused` */
  readonly controlRefused: string;
  /** `the valid client was neither accepted nor refused` */
  readonly controlUnjudged: string;
  /** What scenarios are run against; asked for by the tests, when hooks have run. */
  target(): ServerTarget | ClientCall;
  /** Whether a scenario is about this end: of a server with several hosts, about the host under test. Default: each is. */
  isAbout?(scenario: AnyScenario): boolean;
  /** Tries the valid peer. */
  control(version: TlsVersion): Promise<ValidPeerTried>;
  /** What the end under test seems to lack, before its tests are defined. */
  look(scenarios: readonly AnyScenario[]): Promise<FirstLook>;
  /** Why a scenario that could not be judged cannot be run by this end at all; undefined where it can. */
  unfit?(scenario: AnyScenario, version: TlsVersion): Promise<string | undefined>;
}

/** The tests of one version of TLS. */
export interface PlannedVersion {
  readonly version: TlsVersion;
  /** Goes first. */
  readonly control: PlannedTest;
  /** Can run at the same time. */
  readonly scenarios: readonly PlannedTest[];
  /** Go after them, one at a time: two calls of one client each. */
  readonly twoCalls: readonly PlannedTest[];
  /** Goes last; absent for a version that is not spoken. */
  readonly lastControl?: PlannedTest;
}

/** A test that no test runner knows of yet. */
export interface PlannedTest {
  /** What a reporter is given of it, still without a result. */
  readonly record: ScenarioRecord;
  readonly run: () => Promise<Outcome>;
}

/** The result of one test. */
export interface Outcome {
  readonly status: 'as-expected' | 'unexpected' | 'not-judged' | 'skipped';
  readonly message: string;
  readonly handshake?: Handshake | undefined;
  readonly alert?: Alert | undefined;
  /** Where there is no handshake to make one of. */
  readonly capture?: Uint8Array | undefined;
  readonly expected?: ExpectedOutcome;
  readonly isSkipped?: true;
  /** Another row says it for this test too. */
  readonly isAside?: true;
}

/** What all tests of one version share. */
export interface VersionPlan {
  readonly end: EndUnderTest;
  readonly options: SuiteOptions;
  readonly version: TlsVersion;
  readonly controls: SuiteControls;
  readonly base: Pick<ScenarioRecord, 'schema' | 'target' | 'underTest' | 'version'>;
  /** Reasons for which several scenarios are skipped, once a row has given them. */
  readonly given: Set<string>;
  /** The same of reasons that hold for every version. */
  readonly givenForAll: Set<string>;
}
