import type { Identity } from '../../../pki/identity.ts';
import { legitimateClient } from '../authorization.ts';
import type { LegitimatePeer } from '../scenario.ts';
import { forApplications, type ForwardedDefinition, request } from './forwarded-definition.ts';
import { hasCertificate } from './format-facts.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** Valid clients of the same CA that are not the authorized one, whatever their names contain. */
export const otherNames = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-other-client',
      title: 'another client of the same CA',
      differs: 'the certificate is valid and of a client that is not authorized',
      tier: 'core',
      references: [],
      cwes: ['CWE-863'],
      severity: 'high',
      sends: (setup) => [request(setup.lines(setup.other))],
    },
    {
      id: 'forwarded-name-suffix',
      title: 'a client whose name begins with the authorized one',
      differs: 'more follows the name of the authorized client',
      tier: 'core',
      references: [],
      cwes: ['CWE-863'],
      severity: 'high',
      sends: (setup) => [request(setup.lines(renamed(setup, (name) => `${name}2`)))],
    },
    {
      id: 'forwarded-name-prefix',
      title: 'a client whose name ends with the authorized one',
      differs: 'something precedes the name of the authorized client',
      tier: 'core',
      references: [],
      cwes: ['CWE-863'],
      severity: 'high',
      sends: (setup) => [request(setup.lines(renamed(setup, prefixed)))],
    },
    injected('forwarded-name-after-comma', 'a comma', (name) => `a,${name}`),
    injected('forwarded-name-after-slash', 'a slash', (name) => `a/${name}`),
    injected('forwarded-name-after-plus', 'a plus sign', (name) => `a+${name}`),
    injected('forwarded-name-after-semicolon', 'a semicolon', (name) => `a;${name}`),
    injected('forwarded-name-after-quote', 'a quotation mark', (name) => `a",${name},"`),
    {
      ...injected('forwarded-name-after-line', 'a line feed', (name) => `a\n${name}`),
      where: (facts, format) => hasCertificate(facts) && format !== 'haproxy' && format !== 'caddy', // which do not escape it
    },
    {
      id: 'forwarded-subject-of-other',
      title: "another client's certificate beside the authorized client's subject",
      differs: 'the fields that name the client beside its certificate are of another one',
      tier: 'varies', // behind a proxy that writes both, an application may go by the subject alone,
      references: [],
      cwes: ['CWE-345'],
      where: ({ subject, encoding }) => subject === true && encoding !== 'xfcc',
      sends: (setup) => {
        const certificate = new Map(setup.essentials(setup.other));
        return [request(setup.lines(setup.authorized).map(([name, value]) => [name, certificate.get(name) ?? value]))];
      },
    },
  );

/** A client whose organization holds the name that is authorized, behind a separator. */
function injected(id: ForwardedScenario['id'], sign: string, text: (name: string) => string): ForwardedDefinition {
  return {
    id,
    title: `a client whose organization holds the authorized name behind ${sign}`,
    differs: `the organization in its subject is text with ${sign} and the name of the authorized client, as a name is written`,
    tier: 'core',
    references: [
      { rfc: 2253, section: '2.4' },
      { rfc: 4514, section: '2.4' },
    ],
    cwes: ['CWE-863', 'CWE-436'],
    severity: 'high',
    where: hasCertificate,
    sends: (setup) => [request(setup.lines(withOrganization(setup, text(written(setup.authorizes)))))],
  };
}

/** As a distinguished name or Envoy's header writes it. */
export function written(authorizes: LegitimatePeer): string {
  const [kind, name] = ruleOf(authorizes);
  if (kind === 'commonName') return `CN=${name}`;
  return kind === 'subject' ? name.replaceAll(', ', ',') : `URI=${name}`;
}

/** A valid client, not the authorized one, with this organization. */
export function withOrganization({ pki, otherName }: ForwardedSetup, organization: string): Identity {
  return pki.client(undefined, {
    subject: [
      { type: 'organization', value: organization },
      { type: 'commonName', value: otherName },
    ],
  });
}

function renamed({ pki, authorizes }: ForwardedSetup, rename: (name: string) => string): Identity {
  const [kind, name] = ruleOf(authorizes);
  return legitimateClient(pki, { [kind]: rename(name) });
}

/** Before the last part of a name: that of a URI has its scheme and host. */
function prefixed(name: string): string {
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('=')) + 1;
  return `${name.slice(0, at)}x${name.slice(at)}`;
}

function ruleOf(authorizes: LegitimatePeer): readonly [keyof LegitimatePeer, string] {
  const [rule] = Object.entries(authorizes) as [keyof LegitimatePeer, string][]; // its own keys, of which there is one
  return rule ?? ['commonName', 'client'];
}
