import { forApplications, type ForwardedDefinition } from './forwarded-definition.ts';
import type { ForwardedExchange, ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';
import type { Cwe } from '../references.ts';

const shared = {
  tier: 'core',
  references: [{ rfc: 9110, section: '3.3' }],
  cwes: ['CWE-488', 'CWE-287'] as Cwe[],
  severity: 'critical',
} as const;

/** Connections of the proxy on which requests of several clients come. */
export const connections = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      ...shared,
      id: 'forwarded-keep-alive-without',
      title: 'a request without the header on the connection of the authorized client',
      differs: "the request before it on the same connection was the authorized client's",
      sends: (setup) => [{ requests: [authorized(setup), { lines: [] }] }],
    },
    {
      ...shared,
      id: 'forwarded-keep-alive-other',
      title: 'another client on the connection of the authorized client',
      differs: "the request before it on the same connection was the authorized client's",
      sends: (setup) => [{ requests: [authorized(setup), { lines: setup.lines(setup.other) }] }],
    },
    {
      ...shared,
      id: 'forwarded-keep-alive-http10',
      title: 'a request without the header on the connection of the authorized client, in HTTP/1.0',
      differs: 'both requests are HTTP/1.0 with Connection: keep-alive, as HAProxy forwards them',
      sends: (setup) => [
        {
          requests: [
            { ...authorized(setup), http: '1.0' },
            { lines: [], http: '1.0' },
          ],
        },
      ],
    },
    {
      ...shared,
      id: 'forwarded-pipelined',
      title: 'requests without the header between those of the authorized client',
      differs: 'they come at once on one connection, one without the header before and one after one with it',
      sends: (setup) => [
        { requests: [authorized(setup), { lines: [] }], how: 'pipelined', what: 'after it' },
        { requests: [{ lines: [] }, authorized(setup)], how: 'pipelined', what: 'before it' },
      ],
    },
    {
      ...shared,
      id: 'forwarded-concurrent',
      title: 'requests without the header while those of the authorized client are answered',
      differs: 'they come at the same time on other connections',
      cwes: ['CWE-362', 'CWE-488'],
      concurrent: true,
      sends: (setup) =>
        Array.from({ length: 13 }, (_, index) => ({
          requests: [index % 2 === 0 ? authorized(setup) : { lines: setup.lines(index % 4 === 1 ? setup.other : undefined) }],
        })),
    },
    smuggled(
      'forwarded-smuggled-length-then-chunks',
      'length-then-chunks',
      'behind the chunks',
      'Content-Length counts a request that follows the chunks',
    ),
    smuggled(
      'forwarded-smuggled-chunks-then-length',
      'chunks-then-length',
      'in the chunks',
      'Content-Length ends before a request that is in the chunks',
    ),
    smuggled(
      'forwarded-smuggled-two-lengths',
      'two-lengths',
      'by two lengths',
      'one Content-Length counts a request in the body, another does not',
    ),
  );

function authorized(setup: ForwardedSetup): ForwardedExchange['requests'][number] {
  return { lines: setup.lines(setup.authorized), control: 'accepted' };
}

function smuggled(
  id: ForwardedScenario['id'],
  how: 'length-then-chunks' | 'chunks-then-length' | 'two-lengths',
  where: string,
  differs: string,
): ForwardedDefinition {
  return {
    id,
    title: `a request with the header in the body of another, ${where}`,
    differs,
    tier: 'core',
    references: [
      { rfc: 9112, section: '6.3' },
      { rfc: 9112, section: '11.2' },
    ],
    cwes: ['CWE-444'],
    severity: 'critical',
    malformed: true,
    sends: (setup) => [{ requests: [{ lines: [], smuggles: { how, lines: setup.lines(setup.authorized) } }], how: 'whole' }],
  };
}
