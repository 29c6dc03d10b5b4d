import type { HeaderLine } from '../../../forwarded/format.ts';
import type { Authority } from '../../../pki/authority.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** Octets that a header cannot have, too many of them, and fields that are not in the head of the request. */
export const octets = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-nul',
      title: 'a value with NUL',
      differs: 'there is an octet 0 in the value, or at its end',
      tier: 'core',
      references: [{ rfc: 9110, section: '5.5' }],
      cwes: ['CWE-158'],
      severity: 'high',
      malformed: true,
      sends: (setup) => [
        request(
          mainValue(setup, (value) => inMiddle(value, '\0')),
          'in the middle',
        ),
        request(
          mainValue(setup, (value) => `${value}\0`),
          'at the end',
        ),
      ],
    },
    {
      id: 'forwarded-control-character',
      title: 'a value with a control character',
      differs: 'there is an octet 1 in the value, or 127',
      tier: 'core',
      references: [{ rfc: 9110, section: '5.5' }],
      cwes: ['CWE-20'],
      severity: 'medium',
      malformed: true,
      sends: (setup) => [
        request(
          mainValue(setup, (value) => inMiddle(value, '\u{1}')),
          'with octet 1',
        ),
        request(
          mainValue(setup, (value) => inMiddle(value, '\u{7f}')),
          'with octet 127',
        ),
      ],
    },
    {
      id: 'forwarded-obsolete-fold',
      title: 'a value that goes on in the next line',
      differs: 'a line end and a blank are in the middle of the value',
      tier: 'core',
      references: [{ rfc: 9112, section: '5.2' }],
      cwes: ['CWE-20'],
      severity: 'medium',
      malformed: true,
      sends: (setup) => [
        request(
          mainValue(setup, (value) => inMiddle(value, '\r\n ')),
          'with a blank',
        ),
        request(
          mainValue(setup, (value) => inMiddle(value, '\r\n\t')),
          'with a tabulator',
        ),
      ],
    },
    {
      id: 'forwarded-bare-carriage-return',
      title: 'the header behind a bare carriage return',
      differs: "the header stands in another one's value, behind a carriage return without a line feed",
      tier: 'core',
      references: [{ rfc: 9112, section: '2.2' }],
      cwes: ['CWE-20', 'CWE-444'],
      severity: 'high',
      malformed: true,
      sends: (setup) => [request([hidden(setup, '\r')])],
    },
    {
      id: 'forwarded-64-kilobytes',
      title: 'a value of 64 kB',
      differs: 'what follows the certificate in the value fills 64 kB',
      tier: 'core',
      references: [
        { rfc: 9440, section: '3' },
        { rfc: 6585, section: '5' },
      ],
      cwes: ['CWE-770'],
      severity: 'medium',
      malformed: true,
      tooLarge: true,
      sends: (setup) => [request(mainValue(setup, (value) => `${value}${'A'.repeat(65_536)}`))],
    },
    {
      id: 'forwarded-long-chain',
      title: 'another client with a chain of 20',
      differs: 'there are 20 CAs between the certificate of a client that is not authorized and the root',
      tier: 'core',
      references: [{ rfc: 9440, section: '3' }],
      cwes: ['CWE-770'],
      severity: 'medium',
      tooLarge: true,
      where: ({ chain }) => chain !== undefined,
      sends: (setup) => [
        request(setup.lines(below(setup.pki.root, 20).issue({ commonName: setup.otherName, extendedKeyUsage: ['clientAuth'] }))),
      ],
    },
    {
      id: 'forwarded-trailer',
      title: 'the header as a trailer',
      differs: 'the header follows the body, and is not in the head of the request',
      tier: 'core',
      references: [{ rfc: 9110, section: '6.5.1' }],
      cwes: ['CWE-290', 'CWE-348'],
      severity: 'critical',
      sends: (setup) => [
        { requests: [{ lines: setup.lines(setup.authorized), trailers: [['X-Other', 'a']], control: 'accepted' }] },
        { requests: [{ lines: [], trailers: setup.lines(setup.authorized) }] },
      ],
    },
    {
      id: 'forwarded-trailer-beside',
      title: 'the header as a trailer beside the true one',
      differs: 'the header in the head names another client, that behind the body the authorized one',
      tier: 'core',
      references: [{ rfc: 9110, section: '6.5.1' }],
      cwes: ['CWE-290', 'CWE-348'],
      severity: 'critical',
      sends: (setup) => [
        { requests: [{ lines: setup.lines(setup.authorized), trailers: [['X-Other', 'a']], control: 'accepted' }] },
        { requests: [{ lines: setup.lines(setup.other), trailers: setup.lines(setup.authorized) }] },
      ],
    },
    {
      id: 'forwarded-hop-by-hop',
      title: 'a header that a proxy has taken away as hop-by-hop',
      differs: 'the client lists the header in Connection, and it is missing behind the proxy',
      tier: 'core',
      references: [{ rfc: 9110, section: '7.6.1' }],
      cves: ['CVE-2021-32813', 'CVE-2024-45410'],
      cwes: ['CWE-306'],
      severity: 'critical',
      sends: (setup) => [{ requests: [{ lines: [], connection: [...new Set(setup.lines(setup.authorized).map(([name]) => name))] }] }],
    },
  );

/** The authorized peer's lines, with another value of the header that names it; without what names it besides. */
function mainValue(setup: ForwardedSetup, edit: (value: string) => string): readonly HeaderLine[] {
  return setup.with(setup.essentials(setup.authorized), setup.facts.encoding === 'identity' ? 'user' : 'certificate', edit);
}

function inMiddle(value: string, sign: string): string {
  const middle = Math.floor(value.length / 2);
  return `${value.slice(0, middle)}${sign}${value.slice(middle)}`;
}

/** The lines of the authorized peer in the value of one header. */
function hidden(setup: ForwardedSetup, lineEnd: string): HeaderLine {
  return ['X-Other', ['a', ...setup.lines(setup.authorized).map(([name, value]) => `${name}: ${value}`)].join(lineEnd)];
}

/** The lowest of this many CAs below another one. */
function below(authority: Authority, count: number): Authority {
  return count === 0 ? authority : below(authority.issueAuthority({ commonName: `CA ${count}` }), count - 1);
}
