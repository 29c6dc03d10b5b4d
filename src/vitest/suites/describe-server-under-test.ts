import { describe } from 'vitest';
import { invalidOption } from '../../errors/index.ts';
import { requireOptionsOf } from '../../options/schema.ts';
import { didYouMean } from '../../options/suggestion.ts';
import { requireStartForKeys, serversWithKeys } from './server-keys.ts';
import { isSwitchedOff, type ServerSuiteOptions, serverSuiteSchema, type ServerUnderTestSource } from './suite-options.ts';
import { lineInTestFile } from './suite-line.ts';

/**
 * Defines a suite that presents the catalogue of bad client credentials to a server, and clients that misbehave: one test for each
 * scenario and version of TLS, after the positive control. `start` gets `{ identity, trust, crl }` and returns, or promises, a Node server (listening or not), a Fastify or NestJS
 * application, an `ObservedServer`, or `{ host, port, close }`; it is called once for the suite, once before to see which versions it speaks, and once or twice for each scenario that needs other trust anchors or CRLs, which are skipped for `attempt` and where they cannot be set.
 */
export function describeServerUnderTest(name: string, source: ServerUnderTestSource, options: ServerSuiteOptions = {}): void {
  requireSource(source);
  requireOptionsOf(serverSuiteSchema, options);
  requireStartForKeys(source, options);
  const suite = describe(name, { meta: lineInTestFile() }, async (): Promise<void> => {
    const { defineServerSuite } = await import('./server-suite.ts'); // the catalogue, which only a file with a suite needs
    const { serverKeys, ...usual } = options;
    if (serverKeys === undefined) return defineServerSuite(name, source, { ...usual, isSwitchedOff: isSwitchedOff(suite) });
    const { pki, servers } = serversWithKeys(source, options);
    await defineServerSuite(name, source, { ...usual, pki, isSwitchedOff: isSwitchedOff(suite) });
    for (const { title, ...server } of servers)
      describe(title, async () => {
        await defineServerSuite(`${name}, ${title}`, server.source, { ...server.options, isSwitchedOff: isSwitchedOff(suite) });
      });
  });
}

function requireSource(source: unknown): void {
  const keys = typeof source === 'object' && source !== null ? Object.keys(source) : [];
  if (keys.length !== 1 || !sourceNames.includes(keys[0] ?? ''))
    throw invalidOption(
      'server under test',
      keys.join(', ') || source,
      `exactly one of { start }, { target } and { attempt }${didYouMean(keys[0] ?? '', sourceNames)}`,
    );
}

const sourceNames: readonly string[] = ['start', 'target', 'attempt'];
