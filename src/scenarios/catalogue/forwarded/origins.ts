import type { HeaderLine } from '../../../forwarded/format.ts';
import { headerFormats } from '../../../forwarded/formats.ts';
import { forwardedLines } from '../../../forwarded/forwarded-headers.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedExchange, ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** Headers that do not come from the proxy, or not in its name for them. */
export const origins = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-direct',
      title: "the header on a port that is not the proxy's",
      differs: 'the request comes to another port of the application, past the proxy',
      tier: 'core',
      references: [{ rfc: 9440, section: '4' }],
      cves: ['CVE-2024-10039', 'CVE-2026-35616'],
      cwes: ['CWE-290', 'CWE-348'],
      severity: 'critical',
      at: 'direct',
      sends: (setup) => [request(setup.lines(setup.authorized))],
    },
    {
      id: 'forwarded-other-vendor-instead',
      title: "another proxy's header in place of the configured one",
      differs: 'the client is named by the headers of another format, which the proxy lets through',
      tier: 'core',
      references: [{ rfc: 9440, section: '4' }],
      cves: ['CVE-2026-46579'],
      cwes: ['CWE-290', 'CWE-348'],
      severity: 'critical',
      sends: (setup) => otherVendors(setup, []),
    },
    {
      id: 'forwarded-other-vendor-beside',
      title: "another proxy's header beside the configured one",
      differs: 'the configured header names another client, the headers of another format the authorized one',
      tier: 'core',
      references: [{ rfc: 9440, section: '4' }],
      cves: ['CVE-2026-46579'],
      cwes: ['CWE-290', 'CWE-348'],
      severity: 'critical',
      sends: (setup) => otherVendors(setup, setup.lines(setup.other)),
    },
  );

/** One request with the headers of each other format; without those that share a name with the configured one. */
function otherVendors(setup: ForwardedSetup, before: readonly HeaderLine[]): readonly ForwardedExchange[] {
  const own = new Set([...setup.lines(setup.authorized), ...setup.lines(undefined)].map(([name]) => name.toLowerCase()));
  const formats = headerFormats.filter(({ format }) => format !== setup.format);
  const vendors: (readonly [string, readonly HeaderLine[]])[] = [
    ...formats.map(({ format }) => [`with the headers of ${format}`, forwardedLines(setup.authorized, format)] as const),
    ['with a name in X-Forwarded-User, X-Remote-User and Remote-User', userNames.map((name) => [name, setup.authorizedName])],
  ];
  return vendors
    .filter(([, lines]) => lines.length > 0 && !lines.some(([name]) => own.has(name.toLowerCase())))
    .map(([what, lines]) => request([...before, ...lines], what));
}

const userNames = ['X-Forwarded-User', 'X-Remote-User', 'Remote-User'];
