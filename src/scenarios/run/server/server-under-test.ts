import { deferred } from '../../../clock/deferred.ts';
import { hostNamed } from '../../../handshake/observe/virtual-hosts.ts';
import { isObservedServer } from '../../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { ArrangedCredential } from '../../catalogue/scenario.ts';
import { unsuitable } from '../../records/scenario-result.ts';
import { type Pkis, type RunSettings, serverIdentity } from '../run-settings.ts';
import type { HostConfiguration, ServerConfiguration, ServerTarget } from '../target.ts';
import { type ServerUnderTest, startBound, startServer } from './start-server.ts';

/** What starting a server needs. */
export type StartSettings = Pkis & Pick<RunSettings, 'timeout'>;

/** Uses the server of a target, configured for a credential; the one that runs already where the usual configuration is enough. */
export async function withServerFor(
  target: ServerTarget,
  credential: Pick<ArrangedCredential, 'trust' | 'crl'>,
  { settings, use }: { readonly settings: StartSettings; readonly use: (server: ServerUnderTest['target']) => Promise<Observation> },
): Promise<Observation> {
  const server = await serverFor(...configurationFor(target, credential, settings), settings);
  if (!server)
    return nothingSeen(unsuitable('the server has to be configured for this scenario (other trust anchors, or CRLs): give { start }'));
  try {
    return await use(server.target);
  } finally {
    await server.close();
  }
}

/** No configuration where the usual one is enough and a server runs in it already. */
function configurationFor(
  target: ServerTarget,
  { trust, crl }: Pick<ArrangedCredential, 'trust' | 'crl'>,
  pkis: Pkis,
): readonly [ServerTarget, ServerConfiguration | undefined] {
  const running = 'running' in target ? target.running : undefined;
  const usual = crl === undefined && trust === pkis.pki.anchors; // of the host under test
  if (usual && (running || !('start' in target))) return [running ?? target, undefined];
  return [target, changedConfiguration(pkis, { trust, crl })];
}

/**
 * The server of a target in the configuration that a scenario needs: a `start` function starts one; an `ObservedServer` whose trust is
 * known is reconfigured while no other scenario uses it; any other target only has its own. Undefined where it cannot be had.
 */
export async function serverFor(
  target: ServerTarget,
  configuration: ServerConfiguration | undefined,
  settings: StartSettings,
): Promise<ServerUnderTest | undefined> {
  if (typeof target === 'object' && 'start' in target)
    return configuration && startServer(target.start, configuration, startBound(settings.timeout));
  if (isObservedServer(target)) return configuration ? reconfigured(target, configuration, settings) : shared(target);
  return configuration ? undefined : { target, close: async () => {} };
}

/** The configuration in which most scenarios are run. */
export function usualConfiguration(pkis: Pkis): ServerConfiguration {
  return changedConfiguration(pkis, {});
}

/** The same with other anchors or CRLs at the host that is under test, its default or a named one. */
export function changedConfiguration(pkis: Pkis, change: Partial<ClientVerification>): ServerConfiguration {
  const { hosts = [pkis], servername } = pkis;
  const configured = hosts.map((host): readonly [string | undefined, HostConfiguration] => {
    const { trust = host.pki.anchors, crl } = host.servername === servername ? change : {};
    return [host.servername, { identity: serverIdentity(host), trust, ...(crl && { crl: [...crl] }) }];
  });
  const [[, usual] = [undefined, { identity: serverIdentity(pkis), trust: pkis.pki.anchors }], ...named] = configured;
  return { ...usual, ...(named.length > 0 && { hosts: Object.fromEntries(named) }) };
}

/** Rotates what the host under test of an observed server verifies clients by. */
export function rotateHost(server: ObservedServer, { trust, crl = [] }: ClientVerification, asked: Pick<Pkis, 'servername'>): void {
  const host = hostOf(server, asked);
  if (host === undefined) server.rotate({ trust, crl });
  else server.rotate({ hosts: { [host]: { trust, crl } } });
}

/** What clients are verified by. */
interface ClientVerification {
  readonly trust: string;
  readonly crl?: readonly string[] | undefined;
}

/** As the server lists it, a wildcard perhaps; undefined: its default. */
function hostOf(server: ObservedServer, { servername }: Pick<Pkis, 'servername'>): string | undefined {
  const names = Object.keys(server.hosts).map((name) => ({ name }));
  return servername === undefined ? undefined : hostNamed(names, servername)?.name;
}

/** Whether the answers are known to come from Node.js. */
export function isObservedTarget(target: unknown): boolean {
  if (typeof target !== 'object' || target === null) return false;
  return isObservedServer(target) || ('running' in target && isObservedServer(target.running));
}

async function shared(server: ObservedServer): Promise<ServerUnderTest> {
  const leave = await uses(server).share();
  return {
    target: server,
    close: async () => {
      leave();
    },
  };
}

async function reconfigured(
  server: ObservedServer,
  configuration: ServerConfiguration,
  asked: Pick<Pkis, 'servername'>,
): Promise<ServerUnderTest | undefined> {
  const own = hostOf(server, asked);
  if (asked.servername !== undefined && own === undefined) return undefined; // a name of the user's own SNICallback
  const state = (): Pick<ObservedServer, 'identity' | 'trust' | 'crl'> => (own === undefined ? server : (server.hosts[own] ?? server));
  const { trust: usualTrust, identity } = state();
  if (usualTrust === undefined || !identity) return undefined;
  const wanted = asked.servername === undefined ? configuration : configuration.hosts?.[asked.servername];
  const leave = await uses(server).claim();
  const { trust = usualTrust, crl = [] } = state();
  rotateHost(server, wanted ?? configuration, asked);
  return {
    target: server,
    close: async () => {
      rotateHost(server, { trust, crl }, asked);
      leave();
    },
  };
}

function uses(server: ObservedServer): ExclusiveUse {
  let use = inUse.get(server);
  if (!use) inUse.set(server, (use = new ExclusiveUse()));
  return use;
}

const inUse = new WeakMap<ObservedServer, ExclusiveUse>();

/** Allows many users to share something, or one to have it alone, in the order in which they ask. */
export class ExclusiveUse {
  #last: Promise<unknown> = Promise.resolve();
  #sharing: Promise<unknown>[] = [];

  /** Waits until no user has it alone; returns the function that leaves. */
  async share(): Promise<() => void> {
    const before = this.#last;
    const { left, leave } = stay();
    this.#sharing.push(left);
    await before;
    return leave;
  }

  /** Waits for every earlier user; returns the function that leaves. */
  async claim(): Promise<() => void> {
    const before = Promise.all([this.#last, ...this.#sharing]);
    const { left, leave } = stay();
    this.#last = left;
    this.#sharing = [];
    await before;
    return leave;
  }
}

function stay(): { readonly left: Promise<void>; readonly leave: () => void } {
  const { promise: left, resolve: leave } = deferred();
  return { left, leave };
}
