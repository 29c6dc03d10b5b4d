import { describe } from 'vitest';
import { loadWithPeer } from '../../errors/optional-peer.ts';
import type { SpiffeSource } from '../../scenarios/run/spiffe/spiffe-source.ts';
import { requireSpiffeSuite, type SpiffeSuiteOptions } from './spiffe-options.ts';
import { lineInTestFile } from './suite-line.ts';

/**
 * Defines a suite for a service that takes its identity and its trust from a SPIFFE Workload API: the suite runs the API, to whose address `env` points, and calls the service with clients
 * that it has to accept or to refuse, while SVIDs and roots rotate, trust domains come and go, messages are damaged, and the service loses its entitlement; one test for each scenario, after
 * the controls. Accepted is an answer with 2xx, refused a handshake or 401 or 403. The tests run one after the other. Needs `@grpc/grpc-js`.
 */
export function describeSpiffeUnderTest(name: string, source: SpiffeSource, options: SpiffeSuiteOptions = {}): void {
  requireSpiffeSuite(source, options);
  describe(name, { meta: lineInTestFile() }, async () => {
    const grpc = { name: '@grpc/grpc-js', resolve: () => import.meta.resolve('@grpc/grpc-js') };
    const { defineSpiffeSuite } = await loadWithPeer(grpc, () => import('./spiffe-suite.ts')); // with the catalogue, which only a file with a suite needs
    defineSpiffeSuite(name, source, options);
  });
}
