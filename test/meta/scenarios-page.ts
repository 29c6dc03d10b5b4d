import { describeSources, type Severity } from '../../src/scenarios/catalogue/references.ts';
import type { ExpectedOutcome, ScenarioFacts, ScenarioGroup, ScenarioTier, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';

import { stackNames } from '../../src/scenarios/catalogue/stacks.ts';

/** A part of the page: one catalogue. */
export interface CataloguePart {
  readonly heading: string;
  readonly introduction: string;
  readonly scenarios: readonly ScenarioFacts[];
}

/** docs/scenarios.md, whole, from the data. */
export function scenariosPage(parts: readonly CataloguePart[]): string {
  return [
    '# The negative catalogue',
    '',
    'Generated from the data in `src/scenarios/catalogue` (`UPDATE_DOCS=1 npx vitest run test/meta/scenarios-page.test.ts`); a test compares.',
    '',
    'Each scenario differs from a valid credential, peer or exchange in exactly one respect. `reason` is what `handshake.reason` says of a',
    'Node.js peer, `alert` what an observed Node.js server or OpenSSL sends; other stacks choose other alerts. The last column names the stacks',
    'that were measured to answer otherwise. Tiers:',
    '',
    ...tiers.map(([tier, meaning]) => `- \`${tier}\`: ${meaning}`),
    '',
    'The severity says how bad it is where a target answers otherwise than expected:',
    '',
    ...severities.map(([severity, meaning]) => `- \`${severity}\`: ${meaning}`),
    '',
    'References are followed by vulnerabilities of the same class ([which published ones are caught](cves.md)) and by the weaknesses (CWE) that such a target has.',
    'The published controls that it violates are in [controls.md](controls.md).',
    '`npx mtls-fixtures scenarios --json` prints the catalogue for other tools, by [scenarios.schema.json](scenarios.schema.json).',
    '',
    'Stacks in the last column:',
    '',
    ...Object.entries(stackNames).map(([stack, name]) => `- \`${stack}\`: ${name}`),
    '',
    ...parts.flatMap(partLines),
  ].join('\n');
}

function partLines({ heading, introduction, scenarios }: CataloguePart): string[] {
  const groups = groupNames.filter((group) => scenarios.some((scenario) => scenario.group === group));
  return [
    `## ${heading}`,
    '',
    `${introduction} ${scenarios.length} scenarios.`,
    '',
    ...groups.flatMap((group) =>
      groupLines(
        group,
        scenarios.filter((scenario) => scenario.group === group),
      ),
    ),
  ];
}

function groupLines(group: ScenarioGroup, scenarios: readonly ScenarioFacts[]): string[] {
  return [
    `### ${group}`,
    '',
    '| id | tier | severity | differs | expected | references | answers otherwise |',
    '|---|---|---|---|---|---|---|',
    ...scenarios.map(row),
    '',
  ];
}

function row(scenario: ScenarioFacts): string {
  const { id, tier, severity, differs, expected, divergences } = scenario;
  const others = divergences.map(({ stack, version, reason }) =>
    [stack, version && `(${version.slice(4)})`, reason && `: ${reason}`].filter(Boolean).join(''),
  );
  return `| ${[`\`${id}\``, tier, severity, differs, outcomes(expected), describeSources(scenario), others.join(', ')].map(cell).join(' | ')} |`;
}

function outcomes(expected: Readonly<Record<TlsVersion, ExpectedOutcome>>): string {
  const [newer, older] = [outcome(expected['TLSv1.3']), outcome(expected['TLSv1.2'])];
  return newer === older ? newer : `1.3: ${newer}; 1.2: ${older}`;
}

function outcome(expected: ExpectedOutcome): string {
  if (expected.verdict === 'accepted') return 'accepted';
  const { reason, alert } = expected;
  return [`rejected`, reason, alert && `(${alert})`].filter(Boolean).join(' ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const tiers: readonly (readonly [ScenarioTier, string])[] = [
  ['core', 'must be rejected, and Node.js, OpenSSL, Go and Java all do; what the suites run by default'],
  ['control', 'unusual but valid, must be accepted; the suites run a few of them by default'],
  ['extended', 'the RFC says reject, and at least one of the four accepts'],
  ['varies', "the RFC leaves it open, or it is local policy; expected is Node.js's answer"],
  ['app', 'TLS rightly accepts; the application must decide by identity'],
];

const severities: readonly (readonly [Severity, string])[] = [
  ['critical', 'a credential that no trusted CA has issued passes, or none at all'],
  ['high', 'a credential passes for another peer, for longer, or for more than it was issued for; or data is sent in the clear'],
  ['medium', 'an attacker needs more, such as to break weak cryptography or a CA that errs; or a service is exhausted'],
  ['low', 'no attack follows from it alone'],
  ['informational', 'nothing has to be rejected, or it is local policy'],
];

const groupNames: readonly ScenarioGroup[] = [
  'trust',
  'time',
  'names',
  'usage',
  'crypto',
  'revocation',
  'encoding',
  'protocol',
  'reload',
  'lifetime',
  'forwarded',
  'bound-tokens',
  'spiffe',
];
