import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './syntax.ts';

const kinds = ['Added', 'Changed', 'Fixed', 'Removed'];

/** What is wrong with a changelog, a sentence each. */
function violationsOf(markdown: string): string[] {
  const seen = new Set<string>();
  let release = '';
  let kind = '';
  return markdown.split('\n').flatMap((line, index) => {
    const place = `line ${index + 1}`;
    const [, marks = '', title = ''] = /^(#+) (.+)$/u.exec(line) ?? [];
    if (marks === '##') [release, kind] = [title, ''];
    if (marks === '##')
      return /^(?:Unreleased|\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d)$/u.test(title)
        ? []
        : [`${place}: "${title}" is not "Unreleased" or a version with its date`];
    if (marks === '###') {
      const isAfter = kinds.indexOf(title) > kinds.indexOf(kind);
      kind = title;
      return isAfter ? [] : [`${place}: "${title}" is not one of ${kinds.join(', ')}, once each and in this order`];
    }
    if (marks !== '' || line === '' || release === '') return [];
    if (!line.startsWith('- ')) return [`${place}: an entry is one line that begins with "- "`];
    if (kind === '') return [`${place}: the entry is below no heading`];
    if (seen.has(line)) return [`${place}: the entry is there twice`];
    seen.add(line);
    if (!line.endsWith('.')) return [`${place}: the entry does not end with a period`];
    return line.length > longest ? [`${place}: the entry has ${line.length} characters, more than ${longest}`] : [];
  });
}

const longest = 260;

test('the changelog has the usual headings, and one line for each entry', () => {
  const changelog = readFileSync(path.join(projectRoot, 'CHANGELOG.md'), 'utf8');

  expect(changelog).toMatch(/^## Unreleased$/mu);
  expect(changelog.match(/^- /gmu)?.length).toBeGreaterThan(20);
  expect(violationsOf(changelog)).toEqual([]);
});

const good =
  '# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n\n- One.\n- Two.\n\n### Fixed\n\n- Three.\n\n## 0.1.0 - 2026-12-01\n\n### Added\n\n- Four.\n';

test('a changelog in order passes', () => {
  expect(violationsOf(good)).toEqual([]);
});

test.for([
  [
    'another heading',
    good.replace('### Fixed', '### Repaired'),
    'line 12: "Repaired" is not one of Added, Changed, Fixed, Removed, once each and in this order',
  ],
  [
    'headings out of order',
    good.replace('### Fixed', '### Added'),
    'line 12: "Added" is not one of Added, Changed, Fixed, Removed, once each and in this order',
  ],
  ['an entry on two lines', good.replace('- Two.', '- Two,\n  and a half.'), 'line 11: an entry is one line that begins with "- "'],
  ['an entry twice', good.replace('- Two.', '- One.'), 'line 10: the entry is there twice'],
  ['an entry without a kind', good.replace('### Added\n\n- One.', '- One.'), 'line 7: the entry is below no heading'],
  ['a release without a date', good.replace(' - 2026-12-01', ''), 'line 16: "0.1.0" is not "Unreleased" or a version with its date'],
  ['an entry without an end', good.replace('Three.', 'Three'), 'line 14: the entry does not end with a period'],
  ['a long entry', good.replace('Three', 'a'.repeat(longest)), `line 14: the entry has ${longest + 3} characters, more than ${longest}`],
] as const)('a changelog with %s fails', ([, markdown, violation]) => {
  expect(violationsOf(markdown)).toContain(violation);
});
