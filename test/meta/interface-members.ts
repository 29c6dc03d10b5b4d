import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { nodesOf, parse, projectRoot, type SyntaxNode } from './syntax.ts';

/** The names of the members that an interface declares in a file of this project: what its documentation lists. */
export function membersOf(file: string, ...interfaces: readonly string[]): readonly string[] {
  return membersIn(path.join(projectRoot, file), interfaces);
}

/** The same of the types of Node.js, e.g. `nodeMembersOf('tls', 'TlsOptions')`. */
export function nodeMembersOf(module: string, ...interfaces: readonly string[]): readonly string[] {
  return membersIn(createRequire(import.meta.url).resolve(`@types/node/${module}.d.ts`), interfaces);
}

function membersIn(file: string, interfaces: readonly string[]): readonly string[] {
  const { statements } = parse(file, readFileSync(file, 'utf8'));
  const declared = [...nodesOf(statements)].filter(({ type }) => type === 'TSInterfaceDeclaration');
  return interfaces.flatMap((name) => {
    const named = declared.filter(({ id }) => nameOf(id) === name);
    if (named.length === 0) throw new Error(`there is no interface "${name}" in "${file}"`);
    return named.flatMap(({ body }) => {
      const { body: members } = body as { readonly body: readonly SyntaxNode[] }; // as the parser makes it
      return members.map(({ key }) => nameOf(key)).filter((member) => member !== '');
    });
  });
}

function nameOf(node: unknown): string {
  return typeof node === 'object' && node !== null && 'name' in node && typeof node.name === 'string' ? node.name : '';
}
