import { describe } from 'vitest';
import { invalidOption } from '../../errors/index.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import type { ForwardedSource } from '../../scenarios/run/forwarded/forwarded-source.ts';
import { type ForwardedSuiteOptions, forwardedSourceSchema, forwardedSuiteSchema, requireOneSource } from './forwarded-options.ts';

/**
 * Defines a suite that calls an application as the proxy in front of it would, which ends TLS and names the client in headers, and as an attacker would: one test for each scenario of
 * the format, after the positive control (the authorized client is accepted) and the negative one (a request without the header is refused). With `through: 'proxy'` it is a client of
 * proxy and application together that forges the headers.
 */
export function describeForwardedUnderTest(name: string, source: ForwardedSource, options: ForwardedSuiteOptions = {}): void {
  requireOptionsOf(forwardedSourceSchema, source);
  requireOneSource(source);
  const given: unknown = source.format; // absent, as JavaScript may have it
  if (given === undefined) throw invalidOption('format', 'undefined', 'the name of a format');
  requireOptionsOf(forwardedSuiteSchema, options);
  describe(name, async () => {
    const { defineForwardedSuite } = await import('./forwarded-suite.ts'); // the catalogue, which only a file with a suite needs
    defineForwardedSuite(name, source, options);
  });
}
