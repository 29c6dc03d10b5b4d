import path from 'node:path';
import { invalidOption, typeName } from '../../errors/index.ts';
import { requireBoolean, requireCount, requireIntegerIn } from '../../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import { createPki, Pki } from '../../pki/pki.ts';
import { requireUniqueHint } from './hints.ts';
import { type EntitleOptions, requireEntitlement } from './entitlements.ts';
import { requireTrustDomain } from './federation.ts';

/** How to start a Workload API. */
export interface WorkloadApiOptions {
  /** E.g. `example.test`. */
  readonly trustDomain: string;
  /** Issues the X509-SVIDs; default: one of its own. */
  readonly pki?: Pki | undefined;
  /** The absolute path of a unix socket, at most 107 octets. Default: in a new folder, removed at the end. */
  readonly socket?: string | undefined;
  /** To listen on 127.0.0.1 in place of a socket: a port, or 0 for any free one. */
  readonly port?: number | undefined;
  /** What the workload is entitled to from the start: SPIFFE ids, or ids with options of `entitle`. Default: nothing. */
  readonly workloads?: readonly (string | ({ readonly id: string } & EntitleOptions))[] | undefined;
  /** Deliver CRLs of the trust domain's CAs too. Default `false`. */
  readonly crls?: boolean | undefined;
  /** How many requests `requests` remembers, the newest; default 1000. `Infinity`: all. */
  readonly maxRequests?: number | undefined;
}

/** A place to listen: exactly one of them, or neither for a socket in a new folder. */
export interface ListenTarget {
  readonly socket?: string | undefined;
  readonly port?: number | undefined;
}

/** Everything a Workload API needs, checked. */
export interface ParsedWorkloadApi {
  readonly trustDomain: string;
  readonly pki: () => Pki;
  readonly target: ListenTarget;
  readonly workloads: readonly { readonly id: string; readonly options: EntitleOptions }[];
  readonly crls: boolean;
  readonly maxRequests: number;
}

/** Checks the options, before anything opens. */
export function parseWorkloadApi(options: WorkloadApiOptions): ParsedWorkloadApi {
  requireOptionsOf(schema, options);
  const { trustDomain, pki, socket, port, workloads = [], crls = false, maxRequests = 1000 } = options;
  requireTrustDomain('trustDomain', trustDomain);
  if (socket !== undefined && port !== undefined) throw invalidOption('port', port, 'to be left out where socket is given');
  const parsed = workloads.map((workload) => parseWorkload(trustDomain, workload));
  parsed.forEach(({ id, options: { hint } }, index) => {
    const before = parsed.slice(0, index);
    if (before.some((other) => other.id === id)) throw invalidOption('workloads', id, 'each id once');
    requireUniqueHint(
      hint,
      before.map((other) => other.options.hint),
    );
  });
  return {
    trustDomain,
    pki: () => pki ?? createPki({ name: trustDomain.slice(0, longestName) }),
    target: { socket, port },
    workloads: parsed,
    crls,
    maxRequests,
  };
}

function parseWorkload(trustDomain: string, workload: unknown): ParsedWorkloadApi['workloads'][number] {
  const { id, ...options } = (typeof workload === 'string' ? { id: workload } : Object(workload)) as { id?: unknown } & EntitleOptions; // what it is, is checked next
  requireEntitlement(trustDomain, id, options);
  return { id, options };
}

function requireSocket(option: string, value: unknown): void {
  const length = typeof value === 'string' ? Buffer.byteLength(value) : 0;
  if (typeof value !== 'string' || !path.isAbsolute(value) || length > longestSocket || value.includes('\0'))
    throw invalidOption(option, value, `an absolute path of at most ${longestSocket} octets, which is what the kernel takes for a socket`);
}

/** `sun_path` of Linux has 108 octets, the last of which is 0; that of macOS and the BSDs 104. */
const longestSocket = process.platform === 'linux' ? 107 : 103;
/** Leaves room for what is added in the names of the CAs. */
const longestName = 40;

const schema: OptionSchema = {
  what: 'Workload API option',
  own: {
    trustDomain: requireTrustDomain,
    pki: (option, value) => {
      if (!(value instanceof Pki)) throw invalidOption(option, typeName(value), 'a Pki, from createPki()');
    },
    socket: requireSocket,
    port: (option, value) => requireIntegerIn(option, value, 0, 65_535),
    workloads: (option, value) => {
      if (!Array.isArray(value)) throw invalidOption(option, typeof value, 'a list of SPIFFE ids, or of ids with options of entitle');
    },
    crls: requireBoolean,
    maxRequests: (option, value) => requireCount(option, value, 'how many requests to remember, 1 or more'),
  },
};
