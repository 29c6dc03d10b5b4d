import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const executablePath = '/usr/bin/chromium';

/** `describe` for what Debian's Chromium does; skipped loudly where it is missing, a failure under CI. */
export function describeWithChromium(): typeof describe | typeof describe.skip {
  if (existsSync(executablePath)) return describe;
  const missing = `"${executablePath}" is not installed, so no browser is tried; on Debian: apt-get install chromium`;
  if (process.env['CI']) throw new Error(missing);
  // oxlint-disable-next-line no-console -- a browser that is missing must not pass unnoticed
  console.warn(missing);
  return describe.skip;
}

/** Starts it without a sandbox, which root cannot have, and without calls home. */
export function startChromium(args: readonly string[] = []): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-sync', ...quiet, ...args] });
}
