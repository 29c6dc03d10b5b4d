import path from 'node:path';
import { nodesOf, parse, type SourceTree, type SyntaxNode } from './syntax.ts';

/** A name in a module of declarations, or in a package where `text` is missing. */
interface Declaration {
  readonly module: string;
  readonly name: string;
  /** Every declaration of the name (a function has its overloads), without comments. */
  readonly text?: string;
  /** What it mentions of the same module or of those that the module imports. */
  readonly mentions: readonly Place[];
}

export interface Place {
  readonly module: string;
  readonly name: string;
}

/** One file of declarations. */
export interface DeclarationModule {
  readonly exports: ReadonlyMap<string, Place>;
  readonly declared: ReadonlyMap<string, Declaration>;
  /** What it adds to other modules: `declare module 'x' { ... }`. */
  readonly additions: readonly string[];
  readonly imports: readonly string[];
}

export function readDeclarations(tree: SourceTree): ReadonlyMap<string, DeclarationModule> {
  return new Map([...tree].map(([module, text]) => [module, readModule(module, text)]));
}

function readModule(module: string, text: string): DeclarationModule {
  const { statements, comments } = parse(module, text);
  const places = new Map<string, Place>(); // by the name that they have in this file
  const exports = new Map<string, Place>();
  const nodes = new Map<string, SyntaxNode[]>();
  const additions: string[] = [];
  const imports: string[] = [];
  const textOf = (node: SyntaxNode): string => withoutComments(text, node, comments);

  for (const statement of statements) {
    const source = (statement['source'] as { value: string } | null | undefined)?.value; // of an import or a re-export
    const origin = source?.startsWith('.') ? path.posix.join(path.posix.dirname(module), source).replace(/\.ts$/u, '.d.ts') : source;
    if (origin !== undefined) imports.push(origin);
    for (const { local, imported, exported } of specifiersOf(statement)) {
      if (statement.type === 'ImportDeclaration') places.set(local, { module: origin ?? module, name: imported });
      else exports.set(exported, origin === undefined ? (places.get(local) ?? { module, name: local }) : { module: origin, name: local });
    }
    const declaration = (statement['declaration'] as SyntaxNode | null | undefined) ?? statement; // `export` or bare
    if (declaration.type === 'TSModuleDeclaration') additions.push(textOf(declaration));
    for (const name of namesOf(declaration)) {
      places.set(name, { module, name });
      nodes.set(name, [...(nodes.get(name) ?? []), declaration]);
      if (statement.type === 'ExportNamedDeclaration') exports.set(name, { module, name });
      if (statement.type === 'ExportDefaultDeclaration') exports.set('default', { module, name });
    }
  }
  const declared = new Map(
    [...nodes].map(([name, all]) => [
      name,
      {
        module,
        name,
        text: all.map((node) => textOf(node).replace(/^declare /u, '')).join('\n'),
        mentions: mentionsOf(all, places, { module, name }),
      },
    ]),
  );
  return { exports, declared, additions, imports };
}

/** The names between the braces of an import or export. */
function specifiersOf({ specifiers }: SyntaxNode): { local: string; imported: string; exported: string }[] {
  const name = (node: unknown): string => (node as { name?: string } | undefined)?.name ?? 'default'; // an identifier, or none in a default import
  return ((specifiers as SyntaxNode[] | undefined) ?? []).map(({ local, imported, exported }) => ({
    local: name(local),
    imported: name(imported),
    exported: name(exported),
  }));
}

/** The names that a statement declares. */
function namesOf({ type, id, declarations }: SyntaxNode): string[] {
  if (type === 'VariableDeclaration') return (declarations as SyntaxNode[]).flatMap((declarator) => namesOf(declarator)); // always has them
  const name = (id as { name?: string } | null | undefined)?.name; // an identifier; a declared module has a literal
  return name === undefined || type === 'TSModuleDeclaration' ? [] : [name];
}

function mentionsOf(nodes: readonly SyntaxNode[], places: ReadonlyMap<string, Place>, own: Place): Place[] {
  const keys = new Set<unknown>();
  const found = new Map<string, Place>();
  for (const node of nodesOf(nodes)) {
    if (node['computed'] === false) keys.add(node['key']); // a member's name
    if (node.type !== 'Identifier' || keys.has(node)) continue;
    const place = places.get(String(node['name']));
    if (place && !(place.module === own.module && place.name === own.name)) found.set(String(node['name']), place);
  }
  return [...found.values()];
}

/** The text of a node: comments cut out, and the lines that they leave empty. */
function withoutComments(text: string, { start, end }: SyntaxNode, comments: readonly { start: number; end: number }[]): string {
  let result = '';
  let position = start;
  for (const comment of comments.filter((candidate) => candidate.start >= start && candidate.end <= end)) {
    result += text.slice(position, comment.start);
    position = comment.end;
  }
  return `${result}${text.slice(position, end)}`
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
