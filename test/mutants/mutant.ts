import type tls from 'node:tls';
import type { ObservedServer, Pki } from '../../src/index.ts';
import type { LegitimatePeer, ScenarioGroup, ScenarioTier, Stack, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import type { StartPeer } from '../../src/scenarios/run/client/start-peer.ts';
import type { HostsUnderTest } from '../../src/scenarios/run/hosts-under-test.ts';
import type { AttemptFunction, ClientCall, ServerConfiguration, StartServer } from '../../src/scenarios/run/target.ts';

/** A server or client under test, and what the harness is told about it. */
export type Subject<Target> = Target & {
  /** The library, and in mutants the mistake in a few words. */
  readonly name: string;
  /** The one peer that it lets in, where it authorizes. */
  readonly authorizes?: LegitimatePeer;
  /** Told to the harness where it cannot know that Node.js is under test. */
  readonly stack?: Stack;
  /** Default TLS 1.3. */
  readonly versions?: readonly TlsVersion[];
  /** The names that a server has beside its default. What is judged at one of them has that in its id: `unknown-ca at admin.test`. */
  readonly hosts?: HostsUnderTest;
  /** Milliseconds for each attempt. */
  readonly timeout?: number;
  /** Which scenarios are run, where it is not the default selection. */
  readonly within?: {
    readonly tiers?: readonly ScenarioTier[];
    readonly ids?: readonly string[];
    readonly group?: ScenarioGroup;
    readonly except?: readonly string[];
  };
};

/** One that is broken in one realistic way. */
export type Mutant<Target> = Subject<Target> & {
  /** One sentence: what is wrong with it. */
  readonly mistake: string;
  /** Ids of scenarios that must catch it, which are run whatever their tier; others may, too. `valid-peer-afterwards` is the control at the end. */
  readonly caughtBy: readonly [string, ...string[]];
  /** Scenarios that it has to meet first, which need not catch it. */
  readonly meets?: readonly string[];
  /** Nothing else is run with `MUTANTS=all` either: the rest cannot tell it from a correct one or has judged the same mistake before, or each would take a time-out. */
  readonly isNarrow?: true;
  /** It reads the chain that its client has sent, which servers of Node.js 24.21 do not give (measured; those of 22.23 and 26.10 do). */
  readonly readsChain?: true;
};

/** How a server under test is used. */
export type ServerUse = HandshakeServer | ApplicationServer | RunningServer;

/** A server that decides in the handshake: started by the harness, and anew for each configuration. */
export interface HandshakeServer {
  readonly start: StartServer;
}

/** A server whose application decides, and a client library that uses it. */
export interface ApplicationServer {
  readonly serve: (configuration: ServerConfiguration) => tls.Server | Promise<tls.Server>;
  readonly attempt: (port: number) => AttemptFunction;
}

/** A server that runs already, and is rotated by the harness. */
export interface RunningServer {
  readonly run: (pki: Pki) => Promise<ObservedServer>;
}

/** How a client under test is used. */
export interface ClientUse {
  readonly call: ClientCall;
  /** The server that it calls, where that is not one of HTTP. */
  readonly startPeer?: StartPeer;
}
