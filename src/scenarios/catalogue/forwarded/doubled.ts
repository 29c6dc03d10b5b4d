import type { HeaderLine } from '../../../forwarded/format.ts';
import type { Cve, Cwe, Severity } from '../references.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

const forgery = {
  tier: 'core',
  references: [{ rfc: 9110, section: '5.3' }] as { readonly rfc: number; readonly section: string }[],
  cves: ['CVE-2026-26308'] as Cve[],
  cwes: ['CWE-290', 'CWE-436'] as Cwe[],
  severity: 'critical' as Severity,
} as const;

/** The header twice: once from the client, once from the proxy. Envoy's is a list, of which the last element is the proxy's. */
export const doubled = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      ...forgery,
      id: 'forwarded-doubled-forged-first',
      title: 'the header twice, a forged one first',
      differs: 'lines that name the authorized client stand before those of the true one',
      sends: (setup) => [request([...setup.lines(setup.authorized), ...setup.lines(setup.other)])],
    },
    {
      ...forgery,
      id: 'forwarded-doubled-forged-last',
      title: 'the header twice, a forged one last',
      differs: 'lines that name the authorized client stand behind those of the true one',
      where: ({ encoding }) => encoding !== 'xfcc',
      sends: (setup) => [request([...setup.lines(setup.other), ...setup.lines(setup.authorized)])],
    },
    {
      ...forgery,
      id: 'forwarded-doubled-other-case',
      title: 'the header twice, a forged one in another letter case',
      differs: 'lines that name the authorized client, with their names in capital letters, stand before those of the true one',
      references: [{ rfc: 9110, section: '5.1' }],
      cwes: ['CWE-178', 'CWE-290'],
      sends: (setup) => [request([...capitals(setup.lines(setup.authorized)), ...setup.lines(setup.other)])],
    },
    {
      ...forgery,
      id: 'forwarded-joined-forged-first',
      title: 'two values in one line, a forged one first',
      differs: 'a value that names the authorized client stands before a comma and the true one',
      where: ({ chain }) => chain !== 'list', // there the first is the client's, and others its issuers
      sends: (setup) => [request(joined(setup.lines(setup.authorized), setup.lines(setup.other)))],
    },
    {
      ...forgery,
      id: 'forwarded-joined-forged-last',
      title: 'two values in one line, a forged one last',
      differs: 'a value that names the authorized client stands behind the true one and a comma',
      where: ({ encoding }) => encoding !== 'xfcc',
      sends: (setup) => [request(joined(setup.lines(setup.other), setup.lines(setup.authorized)))],
    },
    {
      ...forgery,
      id: 'forwarded-joined-without-blank',
      title: 'two values in one line without a blank, a forged one first',
      differs: 'a value that names the authorized client stands before a comma, without a blank, and the true one',
      where: ({ chain }) => chain !== 'list',
      sends: (setup) => [request(joined(setup.lines(setup.authorized), setup.lines(setup.other), ','))],
    },
  );

function capitals(lines: readonly HeaderLine[]): readonly HeaderLine[] {
  return lines.map(([name, value]) => [name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase(), value]);
}

/** As a recipient joins lines of one name. */
function joined(first: readonly HeaderLine[], second: readonly HeaderLine[], comma = ', '): ReturnType<ForwardedSetup['lines']> {
  const values = new Map(second);
  const both = first.map(([name, value]): HeaderLine => {
    const other = values.get(name);
    values.delete(name);
    return [name, other === undefined ? value : `${value}${comma}${other}`];
  });
  return [...both, ...values];
}
