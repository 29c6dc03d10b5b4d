import { invalidOption } from '../errors/index.ts';
import { requireBoolean, requireCount, requireHost, requireMilliseconds } from '../options/checks.ts';
import { checkedWhereRead, type OptionSchema, requireOptionsOf } from '../options/schema.ts';

/** How to start a relay. */
export interface RelayOptions {
  /** Where connections are passed on to. */
  readonly to: { readonly host?: string | undefined; readonly port: number };
  /** Files that the peers write their secrets to (SSLKEYLOGFILE), read as they grow: with them TLS 1.3 is read, alerts and certificates included. One that is not there yet is waited for. */
  readonly keyLogFile?: string | readonly string[] | undefined;
  /** The protocol begins in the clear and turns to TLS later (STARTTLS, also PostgreSQL's and MySQL's). Default false. */
  readonly starttls?: boolean | string | undefined;
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Other machines are meant to reach it: no warning. Default false. */
  readonly exposed?: boolean | undefined;
  /** A port, or a list of which the first free one is taken; default: any free one. */
  readonly port?: number | Iterable<number> | undefined;
  /** What goes wrong with every connection. Default: nothing. */
  readonly faults?: Partial<RelayFaults> | undefined;
  /** How many handshakes are remembered; default all. */
  readonly maxHandshakes?: number | undefined;
}

/** What goes wrong with what each end sends. */
export interface RelayFaults {
  readonly client: DirectionFaults;
  readonly server: DirectionFaults;
}

/** What goes wrong in one direction. */
export interface DirectionFaults {
  /** Milliseconds by which everything is late; default 0. */
  readonly delay?: number | undefined;
  /** Octets after which the connection ends in both directions; default never. */
  readonly cutAfter?: number | undefined;
  /** Whether it ends by a reset (RST) then, in place of an end of stream (FIN). Default false. */
  readonly reset?: boolean | undefined;
}

/** The same, checked. */
export interface ParsedRelay {
  readonly target: { readonly host: string; readonly port: number };
  readonly keyLogFiles: readonly string[];
  readonly startsInClear: boolean;
  readonly host: string;
  readonly exposed: boolean;
  readonly port: number | Iterable<number>;
  readonly faults: RelayFaults;
  readonly maxHandshakes: number;
}

/** Checks the options, before anything opens. */
export function parseRelay(options: RelayOptions): ParsedRelay {
  requireOptionsOf(relayOptionSchema, options);
  const {
    to,
    keyLogFile = [],
    starttls = false,
    host = '127.0.0.1',
    exposed = false,
    port = 0,
    faults = {},
    maxHandshakes = Infinity,
  } = options;
  return {
    target: parseTarget(to),
    keyLogFiles: [keyLogFile].flat(),
    startsInClear: starttls !== false,
    host,
    exposed,
    port,
    faults: { client: parseFaults(faults.client), server: parseFaults(faults.server) },
    maxHandshakes,
  };
}

function parseTarget(to: unknown): ParsedRelay['target'] {
  const { host = '127.0.0.1', port } = Object(to) as { readonly host?: unknown; readonly port?: unknown }; // checked below
  if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535)
    throw invalidOption('to', to, '{ host, port } of the server, a port from 1 to 65535');
  requireHost(host);
  return { host: String(host), port: port as number }; // an integer, as just checked
}

function parseFaults(faults: DirectionFaults | undefined): DirectionFaults {
  if (faults === undefined) return {};
  requireOptionsOf(faultSchema, faults);
  return faults;
}

const faultSchema: OptionSchema = {
  what: 'fault of a direction',
  own: {
    delay: requireMilliseconds,
    cutAfter: (option, value) => requireCount(option, value, 'a number of octets'),
    reset: requireBoolean,
  },
};

/** Options of {@link parseRelay}. */
export const relayOptionSchema = {
  what: 'relay option',
  own: {
    to: checkedWhereRead,
    keyLogFile: requireTexts,
    starttls: checkedWhereRead,
    host: (_option, value) => requireHost(value),
    exposed: requireBoolean,
    port: checkedWhereRead,
    faults: checkedWhereRead,
    maxHandshakes: (option: string, value: unknown) => requireCount(option, value, 'a number of handshakes'),
  },
} satisfies OptionSchema;

function requireTexts(option: string, value: unknown): void {
  const texts: unknown[] = [value].flat();
  if (texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')) return;
  throw invalidOption(option, value, 'the path of a file, or a list of paths');
}
