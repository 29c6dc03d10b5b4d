import { MtlsFixturesError } from './mtls-fixtures-error.ts';

/**
 * Throws `RUNTIME_UNSUPPORTED` on Bun and Deno, where the verdict of a handshake would be wrong: their TLS engines do not report what Node's reports
 * (measured on Bun 1.4.5 and Deno 2.9.6; docs/runtimes.md has the table). `action`: what was asked for, as in "attempt a handshake".
 */
export function requireJudgingRuntime(action: string): void {
  const runtime = foreignRuntime();
  if (runtime === undefined) return;
  throw new MtlsFixturesError('RUNTIME_UNSUPPORTED', {
    action,
    runtime,
    problem: 'its TLS engine does not report what a verdict is based on',
    advice,
  });
}

/**
 * Checks the runtime that imports an entry point: throws `RUNTIME_UNSUPPORTED` where there is no Node.js at all (a browser), and emits one warning, `MTLS_FIXTURES_RUNTIME`,
 * on Bun and Deno.
 */
export function checkRuntime(): void {
  if (typeof versions()?.node !== 'string') throw new MtlsFixturesError('RUNTIME_UNSUPPORTED', withoutNode);
  const runtime = foreignRuntime();
  if (runtime === undefined) return;
  process.emitWarning(
    `mtls-fixtures on ${runtime}: minting, reading and writing of certificates work. Servers, attempts, suites and everything else that gives a verdict throw RUNTIME_UNSUPPORTED, because the verdict would be wrong: run those tests on Node.js`,
    { code: 'MTLS_FIXTURES_RUNTIME' },
  );
}

function foreignRuntime(): string | undefined {
  const { bun, deno } = versions() ?? {};
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? undefined : `Deno ${deno}`;
}

/** Browsers have no `process`, and bundlers give one without versions. */
function versions(): Readonly<Partial<Record<string, string>>> | undefined {
  return (globalThis as { readonly process?: { readonly versions?: Readonly<Partial<Record<string, string>>> } }).process?.versions; // typed as if it were always there
}

const advice = 'run this test on Node.js 22, 24 or 26 (minting, reading and writing of certificates work here too)';

const withoutNode = {
  action: 'use mtls-fixtures',
  runtime: 'a runtime that is not Node.js (a browser, or Vitest in browser mode)',
  problem: 'there are neither sockets nor TLS',
  advice:
    'run these tests in the environment node, jsdom or happy-dom, and hand certificates to a browser by provide and inject, or by files',
} as const;
