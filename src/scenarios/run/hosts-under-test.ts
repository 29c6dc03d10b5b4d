import { invalidOption, textOf } from '../../errors/index.ts';
import { hostNamed } from '../../handshake/observe/virtual-hosts.ts';
import { namedHosts, parseHostName } from '../../handshake/server/host-options.ts';
import { isObservedServer } from '../../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../../handshake/server/observed-server.ts';
import { requirePki } from '../../options/checks.ts';
import { checkedWhereRead, requireOptionsOf } from '../../options/schema.ts';
import { didYouMean } from '../../options/suggestion.ts';
import type { Pki } from '../../pki/pki.ts';
import { type HostOfServer, type Pkis, requireServerPki, type ServerPki } from './run-settings.ts';

/** A name of a server under test (SNI, RFC 6066 3) with clients of its own. */
export interface HostUnderTest {
  /** The PKI whose clients are accepted under this name. */
  readonly pki: Pki;
  /** The PKI that issued what is presented under this name. Default: the server's `serverPki` where it has one, else `pki`. */
  readonly serverPki?: ServerPki | undefined;
}

/** The hosts of a server under test by their names, beside its default. */
export type HostsUnderTest = Readonly<Record<string, HostUnderTest>>;

/** What is said of a server under test. */
interface ServerFacts extends Pick<Pkis, 'pki' | 'serverPki'> {
  readonly hosts?: HostsUnderTest | undefined;
  /** The host to run at; default the server's default. */
  readonly host?: string | undefined;
}

/** Whose clients a scenario is about, and by which name the server is asked for: of its default, or of one of its hosts. Throws `OPTION_INVALID` for what cannot be one. */
export function pkisAt({ pki, serverPki, hosts, host }: ServerFacts, target: unknown): Pkis {
  const named = parseHosts(hosts, { serverPki, target });
  const all: readonly HostOfServer[] = [{ pki, serverPki }, ...named];
  const servername = host === undefined ? undefined : parseHostName('host', host);
  const asked = all.find((each) => each.servername === servername);
  if (!asked) {
    const names = named.map((each) => each.servername ?? '');
    const expected = names.length === 0 ? 'a name of hosts, which is not given' : `one of hosts: ${names.join(', ')}`;
    throw invalidOption('host', host, `${expected}${didYouMean(textOf(host), names)}`);
  }
  return named.length === 0 ? { pki, serverPki } : { ...asked, hosts: all };
}

/** Checks hosts before anything starts; by their names in lower case. */
function parseHosts(
  hosts: unknown,
  { serverPki, target }: { readonly serverPki: ServerPki | undefined; readonly target: unknown },
): readonly (HostOfServer & { readonly servername: string })[] {
  if (hosts === undefined) return [];
  return namedHosts(hosts).map(({ given, name: servername, options }) => {
    if (servername.startsWith('*'))
      throw invalidOption('hosts', given, 'names that a client can ask for: of a wildcard one that it covers, such as "a.admin.test"');
    requireServed(given, servername, target);
    const host = parseHost(given, options, target);
    return { servername, pki: host.pki, serverPki: host.serverPki ?? serverPki };
  });
}

function parseHost(name: string, options: unknown, target: unknown): HostUnderTest {
  requireOptionsOf(
    { what: `option of host "${name}"`, own: { pki: requirePki, serverPki: checkedWhereRead }, reserved: reservedFor(target) },
    options,
  );
  const { pki, serverPki }: Partial<HostUnderTest> = options;
  requirePki(`hosts["${name}"].pki`, pki);
  requireServerPki(serverPki, target);
  return { pki, ...(serverPki && { serverPki }) } as HostUnderTest; // as requirePki has found it
}

/** What belongs to the server rather than to its tests. */
function reservedFor(target: unknown): Readonly<Record<string, string>> {
  const where =
    typeof target === 'object' && target !== null && 'start' in target ? 'start, which gets it in its hosts' : 'the server itself';
  return Object.fromEntries(['identity', 'trust', 'crl', 'clientAuth'].map((option) => [option, where]));
}

/** A server of this library has a list of its hosts. */
function requireServed(given: string, name: string, target: unknown): void {
  const server = serverIn(target);
  const served = Object.keys(server?.hosts ?? {}).map((host) => ({ name: host }));
  if (served.length === 0 || hostNamed(served, name)) return;
  const names = served.map((host) => host.name);
  throw invalidOption('hosts', given, `names that the server has: ${names.join(', ')}${didYouMean(given, names)}`);
}

function serverIn(target: unknown): ObservedServer | undefined {
  if (isObservedServer(target)) return target;
  const { running, target: own } = Object(target) as { readonly running?: unknown; readonly target?: unknown }; // nothing of null
  if (isObservedServer(running)) return running;
  return isObservedServer(own) ? own : undefined;
}
