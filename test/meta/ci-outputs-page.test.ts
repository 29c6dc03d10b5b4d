import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { documented } from '../report/outputs/documented-report.ts';
import { blockBelow } from './shown-output.ts';
import { projectRoot } from './syntax.ts';

const file = path.join(projectRoot, 'docs/ci-outputs.md');

test.for(Object.entries(documented))('docs/ci-outputs.md shows %s as it is written', ([name, written]) => {
  const marker = `<!-- ${name}, from test/report/outputs/documented-report.ts -->`;
  const text = written().trimEnd();
  if (process.env['UPDATE_DOCS'] === '1') updateBlock(marker, text);

  const shown = blockBelow(readFileSync(file, 'utf8'), marker);

  expect(shown).toEqual(text.split('\n'));
  expect(shown.length).toBeGreaterThan(0);
});

function updateBlock(marker: string, text: string): void {
  const [before = '', after = ''] = readFileSync(file, 'utf8').split(`${marker}\n`);
  writeFileSync(
    file,
    `${before}${marker}\n${after.replace(/^(```\w+\n)[\s\S]*?(\n?```)$/mu, (_block, start: string) => `${start}${text}\n\`\`\``)}`,
  );
}
