import { describe } from 'vitest';
import { requireMilliseconds } from '../../options/checks.ts';
import { functionOf, type OptionSchema, requireOptionsOf } from '../../options/schema.ts';
import type { ReloadSource } from '../../scenarios/run/reload/reload-source.ts';
import { type ReloadSuiteOptions, reloadSuiteSchema } from './reload-options.ts';

/**
 * Defines a suite that replaces, damages and restores the files of a server, and looks which clients it accepts and with which certificate it presents itself: one test for each
 * scenario, after the positive control. `start` gets the paths of its files; `reload` makes it read them again, and without it the server has to notice within `within` milliseconds.
 * The tests run one after the other, on one server, which is started again where one has broken it.
 */
export function describeReloadUnderTest(name: string, source: ReloadSource, options: ReloadSuiteOptions = {}): void {
  requireOptionsOf(sourceSchema, source);
  functionOf(startSignature)('start', source.start); // absent, as JavaScript may have it
  requireOptionsOf(reloadSuiteSchema, options);
  describe(name, async () => {
    const { defineReloadSuite } = await import('./reload-suite.ts'); // the catalogue, which only a file with a suite needs
    defineReloadSuite(name, source, options);
  });
}

const startSignature = '({ files, trustFile, crlFile }) => a server';
const sourceSchema: OptionSchema = {
  what: 'server under test',
  own: { start: functionOf(startSignature), reload: functionOf('() => void | Promise<void>'), within: requireMilliseconds },
  reserved: {
    target: 'start; the files have to be written before the server reads them',
    attempt: 'start, and attempt in the options of the suite',
  },
};
