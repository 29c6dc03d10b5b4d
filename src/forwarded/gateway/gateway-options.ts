import { http2ServerSchema } from '../../handshake/server/call-options.ts';
import { type ParsedServer, parseServer, type PkiServerOptions, type ServerOptions } from '../../handshake/server/server-options.ts';
import { requireBoolean, requireCount, requireOptions } from '../../options/checks.ts';
import { checkedWhereRead, type OptionSchema } from '../../options/schema.ts';
import type { ForwardedFormat, HeaderFormat, HeaderNames } from '../format.ts';
import { formatNamed } from '../formats.ts';
import { requireHeaderNames } from '../header-names.ts';
import { parseUpstream, type Upstream, type UpstreamSource } from './upstream.ts';

/** What a gateway has to know beside the options of a server. */
export interface ForwardingOptions {
  /** The application. The gateway listens on loopback with a server that does not listen yet, or with one that it makes for a handler, and closes it with itself. */
  readonly upstream: Upstream;
  /** How it names the client to the application. */
  readonly format: ForwardedFormat;
  /** Names of headers that an operator chose. Default: the format's. */
  readonly names?: HeaderNames | undefined;
  /** Whether what clients send under names of such headers, of whatever format, is removed. Default `true`. `false`: it gets through, before the gateway's own lines, as by a misconfigured proxy. */
  readonly strip?: boolean | undefined;
  /** Whether the issuers are sent too, where the format leaves that to the operator. Default `true`. */
  readonly chain?: boolean | undefined;
  /** How many requests `requests` remembers, the newest. Default 1000. */
  readonly maxRequests?: number | undefined;
}

/** Options of {@link startGateway}: those of `startHttp2Server` (HTTP/1.1 is always spoken too), and what to forward how. */
export type GatewayOptions = (ServerOptions | PkiServerOptions) & ForwardingOptions;

/** Everything a gateway needs, checked. */
export interface ParsedGateway {
  readonly server: ParsedServer;
  readonly upstream: UpstreamSource;
  readonly row: HeaderFormat;
  readonly names: HeaderNames;
  readonly strip: boolean;
  readonly chain: boolean;
  readonly maxRequests: number;
}

/** Checks the options, before anything opens. Throws `OPTION_INVALID`. */
export function parseGateway(options: GatewayOptions): ParsedGateway {
  requireOptions('gateway options', options);
  const { format, names = {}, strip = true, chain = true, maxRequests = 1000 } = options;
  const server = parseServer(gatewaySchema, options);
  const row = formatNamed(format);
  requireHeaderNames(row, names);
  return { server, upstream: parseUpstream(options.upstream), row, names, strip, chain, maxRequests };
}

const gatewaySchema = {
  ...http2ServerSchema,
  what: 'gateway option',
  own: {
    ...http2ServerSchema.own,
    upstream: checkedWhereRead,
    format: checkedWhereRead,
    names: checkedWhereRead,
    strip: requireBoolean,
    chain: requireBoolean,
    maxRequests: (option: string, value: unknown) => requireCount(option, value, 'how many requests to remember, 1 or more'),
  },
} satisfies OptionSchema;
