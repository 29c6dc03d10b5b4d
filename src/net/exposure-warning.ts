import type { AddressInfo } from 'node:net';

/** What is said when a server listens where others than this machine reach it. */
export interface Exposure {
  /** That is meant: nothing is said. */
  readonly exposed: boolean;
  /** What those others can do, as a sentence's end. */
  readonly toOthers: string;
}

/** Emits one process warning, `MTLS_FIXTURES_NOT_LOOPBACK`, for a server beyond loopback: once for each address and what it opens, unless it is meant. */
export function warnOfExposure(bound: AddressInfo | string | null, { exposed, toOthers }: Exposure): void {
  if (exposed || bound === null || typeof bound === 'string' || isLoopback(bound.address) || meant.has(bound.address)) return;
  const { address } = bound;
  const reached = ['0.0.0.0', '::'].includes(address) ? 'every network of this machine reaches it' : 'its network reaches it';
  const message = `A test server listens on "${address}": ${reached}, and ${toOthers}. Leave host out to stay on 127.0.0.1, or say exposed: true where that is meant`;
  if (said.has(message)) return;
  said.add(message);
  process.emitWarning(message, { code: 'MTLS_FIXTURES_NOT_LOOPBACK' });
}

/** From now on nothing is said of servers on this address: it was handed out to listen on. */
export function meanToListenOn(address: string): void {
  meant.add(address);
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./u.test(address) || address === '::1';
}

const meant = new Set<string>();
const said = new Set<string>();
