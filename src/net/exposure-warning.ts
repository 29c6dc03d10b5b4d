import type { AddressInfo } from 'node:net';
import { isLoopback } from './addresses.ts';

/** What the warning about a server that other machines reach says. */
export interface Exposure {
  /** It is intended: no warning. */
  readonly exposed: boolean;
  /** What those clients can do, as the end of a sentence. */
  readonly toOthers: string;
}

/** Emits one process warning, `MTLS_FIXTURES_NOT_LOOPBACK`, for a server beyond loopback: once for each address and what it opens, unless it is intended. */
export function warnOfExposure(bound: AddressInfo | string | null, { exposed, toOthers }: Exposure): void {
  if (exposed || bound === null || typeof bound === 'string' || isLoopback(bound.address) || intended.has(bound.address)) return;
  const { address } = bound;
  const reached = ['0.0.0.0', '::'].includes(address) ? 'every network of this machine reaches it' : 'its network reaches it';
  const message = `A test server listens on "${address}": ${reached}, and ${toOthers}. Leave host out to stay on 127.0.0.1, or pass exposed: true where that is intended`;
  if (emitted.has(message)) return;
  emitted.add(message);
  process.emitWarning(message, { code: 'MTLS_FIXTURES_NOT_LOOPBACK' });
}

/** Suppresses the warning for servers on this address from now on: it was handed out to listen on. */
export function allowExposureOn(address: string): void {
  intended.add(address);
}

const intended = new Set<string>();
const emitted = new Set<string>();
