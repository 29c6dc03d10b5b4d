import type { HeaderLine } from '../../../forwarded/format.ts';
import { headerFormats } from '../../../forwarded/formats.ts';
import { forwardedLines } from '../../../forwarded/forwarded-headers.ts';
import type { Cve, Cwe, Severity } from '../references.ts';
import { forProxies, type ProxyDefinition, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

const forgery = {
  tier: 'core',
  presents: 'other',
  references: [{ rfc: 9440, section: '4' }] as { readonly rfc: number; readonly section: string }[],
  cves: ['CVE-2024-10039', 'CVE-2026-46579'] as Cve[],
  cwes: ['CWE-290', 'CWE-348'] as Cwe[],
  severity: 'critical' as Severity,
} as const;

/** A client of proxy and application together that sends the header itself: what it is answered is what its own certificate deserves. */
export const throughProxy = (): readonly ForwardedScenario[] =>
  forProxies(
    {
      ...forgery,
      id: 'forwarded-through-same-name',
      title: 'another client that sends the header of the authorized one',
      differs: 'it presents the certificate of a client that is not authorized, and the header names the authorized one',
      sends: (setup) => [request(setup.lines(setup.authorized))],
    },
    {
      ...forgery,
      id: 'forwarded-through-without-certificate',
      presents: 'nothing',
      title: 'a client without certificate that sends the header of the authorized one',
      differs: 'it presents no certificate, and the header names the authorized client',
      sends: (setup) => [request(setup.lines(setup.authorized))],
    },
    {
      ...forgery,
      id: 'forwarded-through-forged-other',
      title: 'the authorized client that sends the header of another one',
      differs: 'it presents the certificate of the authorized client, and the header names another one',
      tier: 'control',
      presents: 'authorized',
      cves: [],
      cwes: [],
      severity: 'informational',
      sends: (setup) => [request(setup.lines(setup.other))],
    },
    changed('forwarded-through-other-case', 'in another letter case', ([name, value]) => [
      name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase(),
      value,
    ]),
    changed('forwarded-through-underscores', 'with underscores in its name', ([name, value]) => [name.replaceAll('-', '_'), value]),
    changed('forwarded-through-dots', 'with dots in its name', ([name, value]) => [name.replaceAll('-', '.'), value]),
    {
      ...changed('forwarded-through-blank', 'with a blank before the colon', ([name, value]) => [`${name} `, value]),
      malformed: true,
    },
    {
      ...forgery,
      id: 'forwarded-through-doubled',
      title: 'another client that sends the header of the authorized one twice',
      differs: 'it sends the header of the authorized client twice',
      sends: (setup) => [request([...setup.lines(setup.authorized), ...setup.lines(setup.authorized)])],
    },
    {
      ...forgery,
      id: 'forwarded-through-connection',
      title: 'another client that lists the header in Connection',
      differs: 'it sends the header of the authorized client, and lists its names in Connection',
      references: [{ rfc: 9110, section: '7.6.1' }],
      cves: ['CVE-2021-32813', 'CVE-2024-45410'],
      sends: (setup) => [{ requests: [{ lines: setup.lines(setup.authorized), connection: namesOf(setup) }] }],
    },
    {
      ...forgery,
      id: 'forwarded-through-connection-alone',
      title: 'another client that has the proxy take its headers away',
      differs: 'it lists the names of the headers in Connection, and sends none of them',
      references: [{ rfc: 9110, section: '7.6.1' }],
      cves: ['CVE-2021-32813', 'CVE-2024-45410'],
      sends: (setup) => [{ requests: [{ lines: [], connection: namesOf(setup) }] }],
    },
    {
      ...forgery,
      id: 'forwarded-through-trailer',
      title: 'another client that sends the header of the authorized one as a trailer',
      differs: 'the header of the authorized client follows the body',
      references: [{ rfc: 9110, section: '6.5.1' }],
      sends: (setup) => [{ requests: [{ lines: [], trailers: setup.lines(setup.authorized) }] }],
    },
    {
      ...forgery,
      id: 'forwarded-through-obsolete-fold',
      title: 'another client that sends the header of the authorized one behind a fold',
      differs: 'the name of the header ends its line, and its value stands in the next one behind a blank',
      references: [{ rfc: 9112, section: '5.2' }],
      malformed: true,
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [name, `\r\n ${value}`]))],
    },
    {
      ...forgery,
      id: 'forwarded-through-other-vendor',
      title: 'another client that sends the headers of other proxies',
      differs: 'it sends the headers by which other proxies name the authorized client',
      sends: (setup) =>
        headerFormats
          .filter(({ format }) => format !== setup.format)
          .map(({ format }) => request(forwardedLines(setup.authorized, format), `with the headers of ${format}`)),
    },
    {
      ...forgery,
      id: 'forwarded-through-smuggled',
      title: 'another client that hides a request with the header in the body of another',
      differs: 'the headers disagree about where the body ends, and a request with the header of the authorized client is in it',
      references: [{ rfc: 9112, section: '11.2' }],
      cves: [],
      cwes: ['CWE-444'],
      malformed: true,
      sends: (setup) =>
        (['length-then-chunks', 'chunks-then-length', 'two-lengths'] as const).map((how) => ({
          requests: [{ lines: [], smuggles: { how, lines: setup.lines(setup.authorized) } }],
          how: 'whole',
          what: how,
        })),
    },
    {
      ...forgery,
      id: 'forwarded-through-http2',
      title: 'another client that sends the header of the authorized one over HTTP/2',
      differs: 'it sends the header of the authorized client over HTTP/2',
      http2: true,
      sends: (setup) => [request(setup.lines(setup.authorized))],
    },
    {
      ...forgery,
      id: 'forwarded-through-http2-underscores',
      title: 'another client that sends the header of the authorized one with underscores over HTTP/2',
      differs: 'it sends the header of the authorized client with underscores in its name over HTTP/2',
      http2: true,
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [name.replaceAll('-', '_'), value]))],
    },
  );

function changed(id: ForwardedScenario['id'], how: string, change: (line: HeaderLine) => HeaderLine): ProxyDefinition {
  return {
    ...forgery,
    id,
    title: `another client that sends the header of the authorized one ${how}`,
    differs: `it sends the header of the authorized client ${how}`,
    sends: (setup) => [request(setup.lines(setup.authorized).map(change))],
  };
}

function namesOf(setup: ForwardedSetup): readonly string[] {
  return [...new Set(setup.lines(setup.authorized).map(([name]) => name))];
}
