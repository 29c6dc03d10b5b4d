import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nodesOf, parse, projectRoot, type SyntaxNode } from './syntax.ts';

/** The codes that `src/errors/error-facts.ts` knows, read from its table of facts. */
function codesOf(source: string): string[] {
  const facts = [...nodesOf(parse('error-facts.ts', source).statements)].find(
    ({ type, id }) => type === 'TSInterfaceDeclaration' && (id as SyntaxNode)['name'] === 'ErrorFacts', // an interface has a name
  );
  const { body } = (facts?.['body'] ?? { body: [] }) as { readonly body: readonly { readonly key: { readonly name: string } }[] }; // property signatures
  return body.map(({ key }) => key.name);
}

/** The rows of the page: code, meaning, what to do. */
function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/u)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const source = readFileSync(path.join(projectRoot, 'src/errors/error-facts.ts'), 'utf8');
const rows = rowsOf(readFileSync(path.join(projectRoot, 'docs/errors.md'), 'utf8'));

test('docs/errors.md has a row for every code, and none besides', () => {
  const codes = codesOf(source);
  const documented = rows.map(([code = '']) => code.replaceAll('`', ''));

  expect(codes.length).toBeGreaterThan(30);
  expect(
    codes.filter((code) => !documented.includes(code)).map((code) => `| \`${code}\` | <what it means> | <what to do> |`),
    'rows to add to docs/errors.md',
  ).toEqual([]);
  expect(
    documented.filter((code) => !codes.includes(code)),
    'rows of docs/errors.md whose code is gone',
  ).toEqual([]);
  expect(documented, 'in the order of their names').toEqual(documented.toSorted());
});

test.for(rows)('%s says what it means and what to do', (cells) => {
  expect(cells.map((cell) => cell.length > 3 && !cell.includes('<what'))).toEqual([true, true, true]);
});
