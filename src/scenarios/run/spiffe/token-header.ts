import { invalidOption } from '../../../errors/index.ts';
import { requireText } from '../../../options/checks.ts';
import { type OptionSchema, requireOptionsOf } from '../../../options/schema.ts';
import type { SpiffeJwt } from './spiffe-source.ts';

/** The header field of a token. */
export function tokenHeader({ header = usualHeader }: SpiffeJwt, token: string): Readonly<Record<string, string>> {
  const [name = '', before] = header.split(/: */u);
  return { [name]: before === undefined || before === '' ? token : `${before} ${token}` };
}

/** Rejects what does not say how a service takes tokens. */
export function requireJwt(_option: string, jwt: unknown): void {
  requireOptionsOf(schema, jwt);
  // The audience has to be there, which JavaScript may leave out.
  requireAudience('jwt.audience', (jwt as Partial<SpiffeJwt>).audience);
}

function requireAudience(option: string, audience: unknown): void {
  requireText(option, audience);
  if (audience === '') throw invalidOption(option, '', 'the audience of the service');
}

function requireHeader(option: string, header: unknown): void {
  if (typeof header === 'string' && /^[\w!#$%&'*+.^`|~-]+(?:: *[!-~]*)?$/u.test(header)) return;
  throw invalidOption(option, header, `the name of a header, and what stands before the token, e.g. ${usualHeader}`);
}

const usualHeader = 'authorization: Bearer';
const schema: OptionSchema = { what: 'jwt option', own: { audience: requireAudience, header: requireHeader } };
