// Checked by `npm run types`, never run. A line below `@ts-expect-error` must not compile: if it does, tsc fails.
import { clientScenarios, type Cve, type Cwe, type Reference, type ScenarioId } from '../../src/scenarios/index.ts';
import type { CredentialDefinition } from '../../src/scenarios/catalogue/credential-definition.ts';
import { unchanged } from '../../src/scenarios/catalogue/changes.ts';
import type { Selection } from '../../src/scenarios/catalogue/select-scenarios.ts';

const ids: readonly ScenarioId[] = ['expired-leaf', 'wrong-finished', 'alert-at-client-hello-unknown-ca'];
// @ts-expect-error -- there is no such scenario
const misspelled: ScenarioId = 'expired-leef';
// @ts-expect-error -- nor such an alert
const noAlert: ScenarioId = 'alert-at-client-hello-unknown_ca';
// @ts-expect-error -- and this comparison could never be true
clientScenarios.filter(({ id }) => id === 'expired-leef');

// An id that was computed is taken where the call says what is wrong with it.
const computed: string = ids.join('');
const selections: readonly Selection[] = [
  { only: ids },
  { only: [computed] },
  { skip: { 'expired-leaf': 'not here' } },
  { skip: { [computed]: 'not here' } },
  { expected: { 'expired-leaf': { verdict: 'accepted' } } },
];
// @ts-expect-error -- an outcome without a verdict is none
const noOutcome: Selection = { expected: { 'expired-leaf': { by: 'server' } } };

const row = {
  id: 'expired-leaf',
  title: '',
  group: 'time',
  differs: '',
  references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
  tier: 'core',
  fault: unchanged,
} as const satisfies CredentialDefinition;
const rows: readonly CredentialDefinition[] = [
  { ...row, client: { divergences: { gnutls: 'accepted', java: { 'TLSv1.2': 'accepted' }, node: { reason: 'CERT_HAS_EXPIRED' } } } },
  // @ts-expect-error -- no such stack
  { ...row, divergences: { gnutsl: 'accepted' } },
  // @ts-expect-error -- no such version
  { ...row, divergences: { java: { 'TLSv1.1': 'accepted' } } },
  // @ts-expect-error -- no such verdict
  { ...row, divergences: { java: 'refused' } },
  // @ts-expect-error -- no such reason
  { ...row, divergences: { node: { reason: 'CERT_EXPIRED' } } },
  // @ts-expect-error -- an id without a scenario in the list of ids
  { ...row, id: 'expired-leef' },
];

const references: readonly Reference[] = [{ rfc: 8410 }, { document: 'X.690', section: '10.1', note: 'DER' }];
// @ts-expect-error -- a document that the catalogue does not know
const noDocument: Reference = { document: 'X.691' };
// @ts-expect-error -- a weakness that it does not name
const noWeakness: Cwe = 'CWE-29';
// @ts-expect-error -- not the name of a vulnerability
const noVulnerability: Cve = '2022-21449';

export { misspelled, noAlert, noDocument, noOutcome, noVulnerability, noWeakness, references, rows, selections };
