import type { SpiffeScenarioId } from '../ids/spiffe-ids.ts';
import { rejectedBy } from '../protocol-definition.ts';
import type { Reference, Severity } from '../references.ts';
import { forWorkloads, leafValidation, type SpiffeDefinition } from './spiffe-definition.ts';
import type { SpiffeScenario } from './spiffe-scenario.ts';

/** Clients whose certificate is of the service's own trust domain, and whose names are not the one that it authorizes. The rows of `spiffe-ids.ts`, for a service that authorizes. */
export const clientIds = (): readonly SpiffeScenario[] =>
  forWorkloads(
    named('workload-other-id', 'another workload of the trust domain', '/mtls-fixtures-other as the path', (id) => [
      `${domainOf(id)}/mtls-fixtures-other`,
    ]),
    named('workload-id-prefix', 'a workload whose id begins with the authorized one', 'a further segment, /admin', (id) => [`${id}/admin`]),
    named('workload-id-longer', 'a workload whose last segment begins with the authorized one', 'one more letter', (id) => [`${id}x`]),
    named('workload-id-shorter', 'a workload whose id the authorized one begins with', 'the last letter is missing', (id) => [
      id.slice(0, -1),
    ]),
    named('workload-id-suffix', 'a workload whose path ends with the authorized one', 'a segment before the path', (id) => [
      `${domainOf(id)}/mtls-fixtures-other${pathOf(id)}`,
    ]),
    named(
      'workload-id-other-case',
      'a workload whose path is in other case',
      'the letters of the path have the other case',
      (id) => otherCase(pathOf(id)).map((path) => `${domainOf(id)}${path}`),
      { references: [{ document: 'SPIFFE-ID', section: '2.2', note: 'paths are case-sensitive' }], cwes: ['CWE-863', 'CWE-178'] },
    ),
    named(
      'workload-trust-domain-prefix',
      'a trust domain that begins with the authorized one',
      'the trust domain is followed by .evil.test',
      (id) => [`${domainOf(id)}.evil.test${pathOf(id)}`],
      { references: [{ document: 'SPIFFE-ID', section: '2.1' }] },
    ),
    named('workload-other-id-first', 'two SPIFFE ids, the authorized one last', 'another SPIFFE id stands before it', (id) => [
      `${domainOf(id)}/mtls-fixtures-other`,
      id,
    ]),
    named('workload-other-id-last', 'two SPIFFE ids, the authorized one first', 'another SPIFFE id follows it', (id) => [
      id,
      `${domainOf(id)}/mtls-fixtures-other`,
    ]),
    named('workload-https-uri-first', 'a URI of another scheme and the authorized id', 'an https URI stands before it', (id) => [
      id.replace('spiffe:', 'https:'),
      id,
    ]),
    named('workload-https-uri-last', 'the authorized id and a URI of another scheme', 'an https URI follows it', (id) => [
      id,
      id.replace('spiffe:', 'https:'),
    ]),
    named(
      'workload-wrong-scheme',
      'the authorized id in another scheme',
      'the scheme is https',
      (id) => [id.replace('spiffe:', 'https:')],
      medium,
    ),
    named('workload-empty-path', 'the id of the trust domain', 'there is no path', (id) => [domainOf(id)], medium),
    named('workload-root-path', 'an id whose path is only a slash', 'the path is /', (id) => [`${domainOf(id)}/`], medium),
    named('workload-trailing-slash', 'the authorized id with a slash at its end', 'a slash follows', (id) => [`${id}/`], malformed('2.2')),
    named(
      'workload-dot-segments',
      'an id that resolves to the authorized one',
      'the segments mtls-fixtures-other and .. stand before the path',
      (id) => [`${domainOf(id)}/mtls-fixtures-other/..${pathOf(id)}`],
      malformed('2.2'),
    ),
    named(
      'workload-percent-encoded',
      'the authorized id with a percent-encoded letter',
      'the first letter of the path is percent-encoded',
      (id) => [`${domainOf(id)}/%${pathOf(id).charCodeAt(1).toString(16)}${pathOf(id).slice(2)}`],
      malformed('2.2'),
    ),
    named(
      'workload-uppercase-trust-domain',
      'the authorized id with its trust domain in capitals',
      'the trust domain is in capitals',
      (id) => [`${domainOf(id).replace(/[^/]+$/u, (domain) => domain.toUpperCase())}${pathOf(id)}`],
      { ...malformed('2.1'), cwes: ['CWE-863', 'CWE-178'] },
    ),
    named(
      'workload-with-port',
      'the authorized id with a port',
      'the trust domain has the port 8443',
      (id) => [`${domainOf(id)}:8443${pathOf(id)}`],
      malformed('2.1'),
    ),
    named(
      'workload-with-userinfo',
      'the authorized id with a user',
      'admin@ stands before the trust domain',
      (id) => [id.replace('spiffe://', 'spiffe://admin@')],
      malformed('2.1'),
    ),
    named('workload-with-query', 'the authorized id with a query', '?role=admin follows', (id) => [`${id}?role=admin`], malformed('2')),
    named('workload-with-fragment', 'the authorized id with a fragment', '#admin follows', (id) => [`${id}#admin`], malformed('2')),
    named(
      'workload-too-long',
      'an id longer than 2048 bytes',
      'letters follow up to 2049 bytes',
      (id) => [id.padEnd(2049, 'a')],
      malformed('2.3'),
    ),
  );

interface RowChange {
  readonly references?: readonly Reference[];
  readonly severity?: Severity;
  readonly cwes?: SpiffeDefinition['cwes'];
}

function named(
  id: SpiffeScenarioId,
  title: string,
  differs: string,
  uris: (authorized: string) => string[],
  { references = [leafValidation], severity = 'high', cwes = ['CWE-863'] }: RowChange = {},
): SpiffeDefinition {
  return {
    id,
    title,
    differs: `of the only URI name, where there is one, or of all of them: ${differs}; the certificate is of the same CA as the authorized one's`,
    tier: 'core',
    references,
    severity,
    cwes,
    trial: {
      kind: 'client',
      mint: ({ home, authorized }) => {
        const names = uris(authorized);
        return names.length === 0 ? undefined : home.issuer.issue({ commonName: 'client', uri: names });
      },
    },
    expected: rejectedBy('server'),
  };
}

function malformed(section: string): RowChange {
  return { references: [{ document: 'SPIFFE-ID', section }], severity: 'medium' };
}

const medium: RowChange = { severity: 'medium' };

/** The id of the trust domain that a SPIFFE id is in. */
function domainOf(id: string): string {
  return id.split('/').slice(0, 3).join('/');
}

/** Its path, from the first slash. */
export function pathOf(id: string): string {
  return id.slice(domainOf(id).length);
}

/** None where there is no letter. */
function otherCase(text: string): string[] {
  return [text.toUpperCase(), text.toLowerCase()].filter((changed) => changed !== text).slice(0, 1);
}
