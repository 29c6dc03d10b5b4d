import { asError, MtlsFixturesError } from '../../errors/index.ts';

/** What went wrong with a request that was forwarded, and with what status its client is answered. */
export interface UpstreamFailure {
  readonly error: MtlsFixturesError;
  readonly status: 431 | 500 | 502;
}

/** What an error of Node's `http.request` means; `upstream`: the address. */
export function upstreamFailure(thrown: unknown, upstream: string): UpstreamFailure {
  const cause: NodeJS.ErrnoException = asError(thrown);
  const { code = '', message } = cause;
  if (code.startsWith('HPE_')) return badGateway('UPSTREAM_INVALID', { upstream, problem: message }, cause);
  if (code === 'ECONNRESET' || code === 'EPIPE') return endedEarly(upstream, 'before it answered', cause);
  if (code.startsWith('ERR_')) return badGateway('FORWARDED_UNSENDABLE', { problem: message }, cause);
  return badGateway('UPSTREAM_FAILED', { upstream, reason: message === '' ? code : message }, cause);
}

/** The upstream closed its connection too soon. */
export function endedEarly(upstream: string, when: string, cause?: Error): UpstreamFailure {
  return badGateway('UPSTREAM_ENDED', { upstream, when }, cause);
}

/** The client cannot be named in headers. */
export function unsendable(thrown: unknown): UpstreamFailure {
  const cause = asError(thrown);
  return badGateway('FORWARDED_UNSENDABLE', { problem: cause.message }, cause);
}

/** The upstream answered 431. */
export function tooLarge(upstream: string, octets: number): UpstreamFailure {
  return { error: new MtlsFixturesError('FORWARDED_TOO_LARGE', { upstream, octets }), status: 431 };
}

/** The handler that is the upstream threw. */
export function handlerThrew(thrown: unknown): UpstreamFailure {
  const cause = asError(thrown);
  return { error: new MtlsFixturesError('UPSTREAM_THREW', { problem: cause.message }, { cause }), status: 500 };
}

type BadGateway = 'UPSTREAM_FAILED' | 'UPSTREAM_INVALID' | 'UPSTREAM_ENDED' | 'FORWARDED_UNSENDABLE';

function badGateway<C extends BadGateway>(
  code: C,
  facts: ConstructorParameters<typeof MtlsFixturesError<C>>[1],
  cause: Error | undefined,
): UpstreamFailure {
  return { error: new MtlsFixturesError(code, facts, { cause }), status: 502 };
}
