import { describe } from 'vitest';
import { functionOf, requireOptionsOf } from '../../options/schema.ts';
import type { ClientCall } from '../../scenarios/run/target.ts';
import { type ClientSuiteOptions, clientSuiteSchema, isSwitchedOff } from './suite-options.ts';
import { lineInTestFile } from './suite-line.ts';

/**
 * Defines a suite in which a client under test calls the catalogue of bad servers, and servers that misbehave: one test for each scenario
 * and version of TLS, after the positive control. `call({ url, host, port, tls, call })` is to resolve when the server was trusted and answered, and to reject when it was
 * refused; to resolve, to hang, not to reach the server, or to fail for another reason fails the test. Scenarios with two calls of one client (`call: 2`) are run one at a time.
 */
export function describeClientUnderTest(name: string, call: ClientCall, options: ClientSuiteOptions = {}): void {
  functionOf('({ url, host, port, tls, call }) => Promise')('target', call);
  requireOptionsOf(clientSuiteSchema, options);
  const suite = describe(name, { meta: lineInTestFile() }, async () => {
    const { defineClientSuite } = await import('./client-suite.ts'); // the catalogue, which only a file with a suite needs
    await defineClientSuite(name, call, { ...options, isSwitchedOff: isSwitchedOff(suite) });
  });
}
