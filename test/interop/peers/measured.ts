import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import type { PeerStack } from './peer.ts';

/** The answers of one stack, by the case and the version of TLS. */
export interface Measured {
  /** What it answers: `accepted`, the alert by which it refuses, or null where it refuses without one. */
  answerTo(id: string, version: TlsVersion): string | null;
  /** The alert to expect: the very one that was measured, or any where another version of the stack is installed. */
  alert(answer: string | null): unknown;
}

/** What was measured of a stack in one role. */
export function measuredOf(role: 'servers' | 'clients', stack: PeerStack): Measured {
  const { says } = table.measuredWith[stack];
  const installed = versionOf(stack);
  const isTheSame = installed.includes(says);
  if (!isTheSame && installed !== '') warn(`measured with ${says}, and this is ${installed.trim()}: which alert it sends is not compared`);
  return {
    answerTo(id, version) {
      const answer = table[role][stack]?.[id]?.[version];
      if (answer === undefined) throw new RangeError(`nothing was measured of ${stack} for ${id} over ${version}`);
      return answer;
    },
    alert: (answer) => (isTheSame || answer === null ? (answer ?? undefined) : expect.any(String)),
  };
}

/** What an installed stack says of its version; nothing where it is not installed, whose tests are skipped. */
export function versionOf(stack: PeerStack): string {
  const [tool, ...args] = table.measuredWith[stack].command;
  const { stdout, stderr, error } = spawnSync(tool, args, { encoding: 'utf8', timeout: 30_000 });
  return error && 'code' in error && error.code === 'ENOENT' ? '' : `${stdout}${stderr}`;
}

function warn(text: string): void {
  // oxlint-disable-next-line no-console -- what is not compared must not pass unnoticed
  console.warn(text);
}

interface Table {
  readonly measuredWith: Readonly<Record<PeerStack, { readonly command: readonly [string, ...string[]]; readonly says: string }>>;
  readonly servers: Answers;
  readonly clients: Answers;
}

type Answers = Readonly<Partial<Record<PeerStack, Readonly<Record<string, Readonly<Record<TlsVersion, string | null>>>>>>>;

// The file is the project's own; a value of another type would fail the test of its case.
const table = JSON.parse(readFileSync('fixtures/measured/peers.json', 'utf8')) as Table;
