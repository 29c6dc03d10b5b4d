import { createHash } from 'node:crypto';
import type tls from 'node:tls';
import { invalidOption } from '../../errors/index.ts';
import { isIpAddress } from '../../net/addresses.ts';
import { requireOptions } from '../../options/checks.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import { hostSchema } from './call-options.ts';
import { type ClientAuth, verification } from './client-verification.ts';
import type { RevocationLists, Trust } from './trust.ts';

/** What a server presents and accepts under one of its names (SNI, RFC 6066 3). What is left out is as for the server, except for CRLs and `clientAuth`. */
export interface HostOptions {
  /** Issues what is presented under this name, by `pki.server({ dns: [name] })`; its clients are trusted. Default: the server's `pki`. */
  readonly pki?: Pki | undefined;
  /** What is presented in its place. Default without a PKI: the server's identity. */
  readonly identity?: Identity | undefined;
  /** The anchors that clients are verified against. Default: those of the host's `pki`, else of its identity, else the server's. */
  readonly trust?: Trust | undefined;
  /** PEM of CRLs, as for a server. Default: none. */
  readonly crl?: RevocationLists | undefined;
  /** As for a server; default `require`. */
  readonly clientAuth?: ClientAuth | undefined;
}

/** Hosts by name: `admin.test`, or `*.test` for every name with one more label. */
export type Hosts = Readonly<Record<string, HostOptions>>;

/** One host, checked: what it presents, and Node's options beside those of its server. */
export interface ParsedHost {
  readonly name: string;
  readonly identity: Identity;
  /** The PKI whose clients it accepts, where one was given for them. */
  readonly pki: Pki | undefined;
  readonly tlsOptions: tls.TlsOptions;
}

/** What hosts take from their server. */
interface Defaults {
  readonly pki: Pki | undefined;
  readonly identity: Identity;
  readonly trust: Trust | undefined;
  readonly settings: tls.TlsOptions;
}

/** Checks hosts, before anything opens; by their names in lower case. */
export function parseHosts(hosts: unknown, defaults: Defaults): readonly ParsedHost[] {
  if ('SNICallback' in defaults.settings) throw invalidOption('hosts', 'SNICallback', 'hosts or an SNICallback, not both');
  return namedHosts(hosts).map(({ name, options }) => parseHost(name, options, defaults));
}

/** What is said of each host, by its name as it was given and as it is sent. Throws `OPTION_INVALID` for what is not the name of a host, and for one that is there twice. */
export function namedHosts(hosts: unknown): readonly { readonly given: string; readonly name: string; readonly options: unknown }[] {
  requireOptions('hosts', hosts);
  const names = new Set<string>();
  return Object.entries(hosts).map(([given, options]: [string, unknown]) => {
    const name = parseHostName('hosts', given);
    if (names.has(name)) throw invalidOption('hosts', given, 'each name once: names are compared without regard to case (RFC 6066 3)');
    names.add(name);
    return { given, name, options };
  });
}

function parseHost(name: string, options: unknown, defaults: Defaults): ParsedHost {
  requireOptionsOf({ ...hostSchema, what: `option of host "${name}"` }, options);
  const { pki, identity: own, trust, crl, clientAuth }: HostOptions = options;
  const issuer = pki ?? (own ? undefined : defaults.pki);
  const identity = own ?? issuer?.server({ dns: [name] }) ?? defaults.identity;
  const ownTrust = trust ?? pki ?? (own && own.anchors !== '' ? own : undefined);
  return {
    name,
    identity,
    pki: trust === undefined ? (pki ?? (own ? undefined : defaults.pki)) : undefined,
    tlsOptions: {
      ...defaults.settings,
      sessionIdContext: sessionIdContext(name),
      key: identity.keyPem,
      cert: identity.chainPem,
      ...verification(
        { trust: ownTrust ?? defaults.trust ?? defaults.pki, crl, clientAuth },
        { fallback: identity, who: () => `the host "${name}"` },
      ),
    },
  };
}

/** A session of one host never counts at another, also where the ticket keys are the same (RFC 6066 3). At most 32 octets. */
function sessionIdContext(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** The name of a host as it is sent: A-labels in lower case, without a dot at the end (RFC 6066 3). A wildcard is the whole first label (RFC 9525 6.3). */
export function parseHostName(option: string, given: string): string {
  const name = given.toLowerCase();
  const labels = name.split('.');
  const [first = '', ...others] = labels;
  const isName = (first === '*' && others.length > 0 ? others : labels).every((label) => /^[a-z\d_](?:[\w-]{0,61}[a-z\d_])?$/u.test(label));
  if (isIpAddress(given)) throw invalidOption(option, given, 'host names: an address is never asked for by SNI (RFC 6066 3)');
  if (!isName || name.length > 253)
    throw invalidOption(option, given, 'host names in ASCII such as "admin.test", or with a wildcard for the first label, "*.admin.test"');
  return name;
}
