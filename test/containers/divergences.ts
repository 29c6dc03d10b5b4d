import fs from 'node:fs';
import type { AlertName } from '../../src/index.ts';
import type { ExpectedOutcome, TlsVersion } from '../../src/scenarios/index.ts';

/** One row of `fixtures/containers/<server>/divergences.json` or `divergences-current.json`: where that server differs from the expected outcome. */
interface RecordedDivergence {
  readonly scenario: string;
  /** Default both. */
  readonly versions?: readonly TlsVersion[];
  readonly verdict: 'accepted' | 'rejected';
  readonly alert?: AlertName;
  readonly why: string;
}

/** What to expect of a server with one version of TLS, for `expected` of `describeServerUnderTest`; nothing where it has no such file. */
export function divergencesOf(server: string, version: TlsVersion, name = 'divergences.json'): Readonly<Record<string, ExpectedOutcome>> {
  const file = new URL(`../../fixtures/containers/${server}/${name}`, import.meta.url);
  if (!fs.existsSync(file)) return {};
  const rows = JSON.parse(fs.readFileSync(file, 'utf8')) as readonly RecordedDivergence[]; // ours; a wrong row fails its scenario
  const those = rows.filter(({ versions }) => versions?.includes(version) ?? true);
  return Object.fromEntries(those.map((row) => [row.scenario, outcomeOf(row)]));
}

function outcomeOf({ verdict, alert }: RecordedDivergence): ExpectedOutcome {
  return verdict === 'accepted' ? { verdict } : { verdict, by: 'server', ...(alert !== undefined && { alert }) };
}
