import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './syntax.ts';

/** A declaration of the public API report: its name, whether a value goes by it, and the members that users read or pass. */
interface Declaration {
  readonly name: string;
  readonly isValue: boolean;
  readonly members: readonly string[];
}

/** Words of the language in the calls of the page, and members of Testcontainers' own. */
const language = new Set(['await', 'new', 'using', 'start']);

/** Members that no program calls by name. */
const unseen = new Set(['constructor', 'toJSON']);

const page = read('docs/api.md');
const reports = globSync('test/meta/api/*.md', { cwd: projectRoot }).map((file) => read(file));
const declarations = reports.flatMap(declarationsOf);
const documented = new Set(codeOf(page).flatMap(namesIn));

/** The interfaces and classes whose every member is on the page; so are those of all options. */
const nouns = [
  'Pki',
  'Authority',
  'Identity',
  'DisposableFiles',
  'PeerCertificate',
  'ObservedServer',
  'Handshake',
  'Judgement',
  'FaultServer',
  'RevocationServer',
  'ScenarioFacts',
  'ScenarioResult',
];

test('the page names every function, class and constant of every entry point', () => {
  const values = declarations.filter(({ isValue }) => isValue).map(({ name }) => name);

  expect(values).toEqual(expect.arrayContaining(['createPki', 'describeServerUnderTest', 'withMtls', 'MtlsReporter']));
  expect(
    values.filter((name) => name !== 'default' && !documented.has(name)),
    'missing on docs/api.md',
  ).toEqual([]);
});

test.for(declarations.filter(({ name }) => nouns.includes(name) || /(?<!Client)(?:Options|Answers)$/u.test(name)))(
  'the page names every member of $name',
  ({ members }) => {
    expect(
      members.filter((member) => !documented.has(member)),
      'missing on docs/api.md',
    ).toEqual([]);
  },
);

test('docs/report.md names every member of the JSON report', () => {
  const report = new Set(codeOf(read('docs/report.md')).flatMap(namesIn));
  const parts = declarations.filter(({ name }) => /^Report[A-Z]?/u.test(name));

  expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['Report', 'ReportTarget', 'ReportResult', 'ReportHandshake']));
  expect(parts.flatMap(({ members }) => members).filter((member) => !report.has(member))).toEqual([]);
});

test('the interfaces that are looked at exist', () => {
  expect(declarations.map(({ name }) => name)).toEqual(expect.arrayContaining(nouns));
});

test('every call and member in the tables of the page exists', () => {
  const known = new Set([...declarations.map(({ name }) => name), ...declarations.flatMap(({ members }) => members)]);
  const named = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((row) => codeOf(row.split(/(?<!\\)\|/u)[1] ?? ''))
    .flatMap(callsIn)
    .filter((name) => !language.has(name));

  expect(named.length).toBeGreaterThan(100);
  expect(
    [...new Set(named)].filter((name) => !known.has(name)),
    'on docs/api.md, and not in the API',
  ).toEqual([]);
});

/** The declarations of a report, up to those that users cannot name. */
function declarationsOf(report: string): Declaration[] {
  const [exported = ''] = report.split(/^# (?:Mentioned above|Added to)/mu);
  return [...exported.matchAll(/^## (?<name>\S+)\n\n```ts\n(?<text>[\s\S]*?)\n```$/gmu)].map(({ groups }) => {
    const { name = '', text = '' } = groups ?? {};
    const members = [...text.matchAll(/^ {4}(?:readonly |get )*(?<member>\w+)\??[(:<]/gmu)].map((match) => match.groups?.['member'] ?? '');
    return {
      name,
      isValue: /^(?:export |abstract )?(?:function|class|const)\b/u.test(text) || text.startsWith('export {'),
      members: [...new Set(members)].filter((member) => !unseen.has(member)),
    };
  });
}

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

/** The code spans of a text. */
function codeOf(markdown: string): string[] {
  return [...markdown.matchAll(/`(?<code>[^`\n]+)`/gu)].map(({ groups }) => groups?.['code'] ?? '');
}

function namesIn(code: string): readonly string[] {
  return code.match(/[A-Za-z_]\w*/gu) ?? [];
}

/** The names that a code span calls or reads: `a`, `a(`, `.b`; not its arguments. */
function callsIn(code: string): readonly string[] {
  const withoutArguments = code.replaceAll(/\([^()]*\)/gu, '()');
  const names = namesIn(withoutArguments);
  return names.filter((name, index) => index === names.length - 1 || new RegExp(`\\b${name}\\(`, 'u').test(withoutArguments));
}
