import type { HeaderLine } from '../../../forwarded/format.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedExchange, ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** The header's name, written otherwise. */
export const spellings = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-underscores',
      title: 'the header with underscores in its name',
      differs: 'the names have underscores in place of hyphens, and the headers themselves are absent',
      tier: 'core',
      references: [{ rfc: 9110, section: '5.1' }],
      cwes: ['CWE-290', 'CWE-436'],
      severity: 'critical',
      sends: (setup) => renamed(setup, '_', []),
    },
    {
      id: 'forwarded-underscores-beside',
      title: 'a forged header with underscores in its name beside the true one',
      differs: 'the headers name another client, the same with underscores in their names the authorized one',
      tier: 'core',
      references: [{ rfc: 9110, section: '5.1' }],
      cwes: ['CWE-290', 'CWE-436'],
      severity: 'critical',
      sends: (setup) => renamed(setup, '_', setup.lines(setup.other)),
    },
    {
      id: 'forwarded-dots',
      title: 'the header with dots in its name',
      differs: 'the names have dots in place of hyphens, and the headers themselves are absent',
      tier: 'core',
      references: [{ rfc: 9110, section: '5.1' }],
      cwes: ['CWE-290', 'CWE-436'],
      severity: 'critical',
      sends: (setup) => renamed(setup, '.', []),
    },
    {
      id: 'forwarded-blank-before-colon',
      title: 'the header with a blank between its name and the colon',
      differs: 'there is a blank before the colon',
      tier: 'core',
      references: [{ rfc: 9112, section: '5.1' }],
      cwes: ['CWE-20', 'CWE-444'],
      severity: 'high',
      malformed: true,
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [`${name} `, value]))],
    },
    {
      id: 'forwarded-name-lower-case',
      title: 'the header with its name in small letters',
      differs: 'the names are in small letters, as HTTP/2 and HAProxy have them',
      tier: 'control',
      references: [{ rfc: 9110, section: '5.1' }],
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [name.toLowerCase(), value]))],
    },
    {
      id: 'forwarded-name-upper-case',
      title: 'the header with its name in capital letters',
      differs: 'the names are in capital letters',
      tier: 'control',
      references: [{ rfc: 9110, section: '5.1' }],
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [name.toUpperCase(), value]))],
    },
    {
      id: 'forwarded-blanks-outside',
      title: 'the header with blanks around its value',
      differs: 'there are blanks before and after the values, which HTTP takes away',
      tier: 'control',
      references: [{ rfc: 9110, section: '5.5' }],
      sends: (setup) => [request(setup.lines(setup.authorized).map(([name, value]) => [name, `  ${value} \t`]))],
    },
  );

/** None where the name has no hyphen: then it is the header itself. */
function renamed(setup: ForwardedSetup, sign: string, before: readonly HeaderLine[]): readonly ForwardedExchange[] {
  if (!setup.mainName.includes('-')) return [];
  return [request([...before, ...setup.lines(setup.authorized).map(([name, value]): HeaderLine => [name.replaceAll('-', sign), value])])];
}
