import type { HeaderLine } from '../../../forwarded/format.ts';
import { headerFormats } from '../../../forwarded/formats.ts';
import { forwardedLines } from '../../../forwarded/forwarded-headers.ts';
import type { Identity } from '../../../pki/identity.ts';
import type { BoundTokenRequest, ShownToken } from '../../catalogue/bound-tokens/bound-token-scenario.ts';
import type { BoundTokenParties } from './bound-token-parties.ts';
import { reboundToken } from './rebound-token.ts';
import type { ResourceServer } from './resource-server.ts';
import { tokenClaims } from './token-claims.ts';
import { invalidOption, textOf } from '../../../errors/index.ts';

/** A request that is ready to be sent. */
export interface ClientRequest {
  /** What its client presents. */
  readonly identity: Identity | undefined;
  /** Its tokens, what its client forges, and what the proxy adds where there is one. */
  readonly lines: readonly HeaderLine[];
  /** `with a forged header of nginx`: for messages, where a scenario has several; else empty. */
  readonly what: string;
}

/** Who asks, and what of. */
export interface Requester {
  readonly parties: BoundTokenParties;
  readonly server: ResourceServer;
}

/** A request of a scenario, one for each header that is forged. Undefined where its token cannot be made: a client cannot change one that is not a signed JWT. */
export async function clientRequests(
  { presents, tokens, forges }: BoundTokenRequest,
  requester: Requester,
): Promise<readonly ClientRequest[] | undefined> {
  const { parties, server } = requester;
  const identity = presents && parties.client(presents);
  const shown = await Promise.all(tokens.map((token) => tokenText(token, presents, requester)));
  const known = shown.filter((token) => token !== undefined);
  if (known.length < shown.length) return undefined;
  const authorization = known.map((token): HeaderLine => ['Authorization', `Bearer ${token}`]);
  const lines = [...authorization, ...server.proxyLines(identity)];
  if (!forges) return [{ identity, lines, what: '' }];
  return forgedLines(parties.client(forges), server).map(({ format, forged }) => ({
    identity,
    lines: [...forged, ...lines],
    what: `with a forged header of the format ${format}`,
  }));
}

async function tokenText(
  { boundTo, confirmation, rebound }: ShownToken,
  presents: BoundTokenRequest['presents'],
  { parties, server }: Requester,
): Promise<string | undefined> {
  const token: unknown = await server.source.issueToken(tokenClaims(parties.nameOf(boundTo), parties.certificate(boundTo), confirmation));
  if (typeof token !== 'string' || !/^[!-~]+$/u.test(token))
    throw invalidOption('result of issueToken', textOf(token).slice(0, 40), 'an access token: printable ASCII without blanks');
  return rebound && presents ? reboundToken(token, parties.client(presents).thumbprint, rebound) : token;
}

/** The headers of every format that has none in common with what the server's own proxy sets, and removes where a client has sent it. */
function forgedLines(
  identity: Identity,
  server: ResourceServer,
): readonly { readonly format: string; readonly forged: readonly HeaderLine[] }[] {
  const own = new Set([...server.proxyLines(identity), ...server.proxyLines(undefined)].map(([name]) => name.toLowerCase()));
  return headerFormats
    .map(({ format }) => ({ format, forged: forwardedLines(identity, format) }))
    .filter(({ forged }) => forged.length > 0 && !forged.some(([name]) => own.has(name.toLowerCase())));
}
