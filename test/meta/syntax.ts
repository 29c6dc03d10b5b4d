import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'rolldown/utils';

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Texts by path, with forward slashes and without the folder's own path. */
export type SourceTree = ReadonlyMap<string, string>;

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

export function readTree(folder: string, pattern: string): SourceTree {
  const names = globSync(pattern, { cwd: folder }).map((name) => name.split(path.sep).join('/'));
  return new Map(names.toSorted().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

/** A module's statements, and where its comments are. */
export function parse(
  name: string,
  text: string,
): { statements: readonly SyntaxNode[]; comments: readonly { start: number; end: number }[] } {
  const { program, comments, errors } = parseSync(name, text);
  if (errors.length > 0) throw new Error(`Cannot parse "${name}": ${errors.map(({ message }) => message).join('; ')}`);
  return { comments, statements: program.body as unknown as readonly SyntaxNode[] }; // every node has these fields; the union of all kinds is of no use here
}

/** The nodes of a syntax tree, parents first. */
export function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string' && 'start' in value) yield value as SyntaxNode; // as the parser makes them
  for (const child of Object.values(value)) yield* nodesOf(child);
}
