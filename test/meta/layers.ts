import path from 'node:path';
import { nodesOf, parse, type SourceTree, type SyntaxNode } from './syntax.ts';

/** The folders of src/ and their layers: arrows point to lower numbers only. */
const layers: Readonly<Record<string, number>> = {
  clock: 0,
  errors: 0,
  asn1: 1,
  net: 1,
  options: 1,
  x509: 2,
  pki: 3,
  wire: 3,
  handshake: 4,
  faults: 5,
  forwarded: 5,
  relay: 5,
  revocation: 5,
  spiffe: 5,
  scenarios: 6,
  matchers: 7,
  cli: 8,
  containers: 8,
  report: 8,
  vitest: 8,
};

/** Where an outside package may be imported: in some folders, or in one file, whichever that is. */
const outside: Readonly<Record<string, { readonly folders: readonly string[] } | 'one file'>> = {
  '@grpc/grpc-js': { folders: ['spiffe'] },
  vitest: { folders: ['vitest', 'report'] },
  testcontainers: { folders: ['containers'] },
  commander: { folders: ['cli'] },
  'cli-table3': { folders: ['cli'] },
  'cli-progress': { folders: ['cli'] },
  'damerau-levenshtein': 'one file',
  'get-port': 'one file',
  httpxy: 'one file',
  selfsigned: 'one file',
};

const maximumLines = 250;

/** An import, of values or of types: a reader follows both. */
interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** What is wrong with a source tree, a sentence each; nothing for a tree in order. */
export function layerViolations(tree: SourceTree): string[] {
  const arrows: Arrow[] = [];
  const violations: string[] = [];
  for (const [file, text] of tree) {
    const { statements } = parse(file, text);
    const lines = text.split('\n').filter((line) => line.trim() !== '').length;
    if (lines > maximumLines) violations.push(`${file} has ${lines} non-blank lines, more than ${maximumLines}`);
    if (file.includes('/') && layers[folderOf(file)] === undefined) violations.push(`${file} is in a folder without a layer`);
    for (const node of nodesOf(statements)) {
      if (node.type === 'ExportAllDeclaration') violations.push(`${file} re-exports everything of a module; name what it exports`);
      const specifier = specifierOf(node);
      if (specifier === undefined) continue;
      if (specifier === null) violations.push(`${file} imports a module whose name is computed`);
      else arrows.push({ from: file, to: resolve(file, specifier) });
    }
  }
  const inside = arrows.filter(({ to }) => tree.has(to));
  return [
    ...violations,
    ...inside.flatMap(upward),
    ...arrows.filter(({ to }) => !tree.has(to)).flatMap(misplacedPackage),
    ...scatteredPackages(arrows),
    ...cycles(inside),
  ];
}

/** The module that a node names; null where it is computed, nothing where it names none. */
function specifierOf({ type, source }: SyntaxNode): string | null | undefined {
  if (!/^(?:ImportDeclaration|ExportAllDeclaration|ExportNamedDeclaration|ImportExpression|TSImportType)$/u.test(type)) return undefined;
  if (type === 'ExportNamedDeclaration' && !source) return undefined;
  return (source as { readonly value?: string }).value ?? null; // a literal, or an expression without a value
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** A file directly in src/ is an entry point: it may import from any layer, and no file may import it. */
function upward({ from, to }: Arrow): string[] {
  if (!to.includes('/')) return [`${from} imports the entry point ${to}`];
  const [source, target] = [folderOf(from), folderOf(to)];
  if (!from.includes('/') || source === target) return [];
  const [above = Number.NaN, below = Number.NaN] = [layers[source], layers[target]];
  if (above > below) return [];
  return [`${from} (layer ${above}) imports ${to} (layer ${below}); arrows point down`];
}

function misplacedPackage({ from, to }: Arrow): string[] {
  if (to.startsWith('node:')) return [];
  const place = outside[packageOf(to)];
  if (place === undefined) return [`${from} imports "${to}", which is neither a module of src/ nor a package that is allowed`];
  if (place !== 'one file' && !place.folders.includes(folderOf(from)))
    return [`${from} imports "${to}", which only ${place.folders.join('/ and ')}/ may`];
  return [];
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function scatteredPackages(arrows: readonly Arrow[]): string[] {
  return Object.keys(outside).flatMap((name) => {
    const files = new Set(arrows.filter(({ to }) => packageOf(to) === name).map(({ from }) => from));
    return outside[name] === 'one file' && files.size > 1 ? [`${[...files].join(' and ')} import "${name}"; only one file may`] : [];
  });
}

/** Cycles of imports, those of types included, named by the files on the way round. */
function cycles(arrows: readonly Arrow[]): string[] {
  const targets = Map.groupBy(arrows, ({ from }) => from);
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      found.push(`imports go round: ${[...way.slice(way.indexOf(file)), file].join(' -> ')}`);
      return;
    }
    if (finished.has(file)) return;
    for (const to of new Set(targets.get(file)?.map((arrow) => arrow.to))) visit(to, [...way, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return found;
}
