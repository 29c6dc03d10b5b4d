// Modules of Node that take milliseconds to load are loaded by the first use of one of their functions: a file that imports them is not slowed down by it.
import { parseAst } from 'rolldown/parseAst';

/** What loading one takes (measured on Node 26.10): crypto 5 ms, net 1 ms. `node:stream` is not among them: a class that extends one of its own needs it at once. */
const slow: ReadonlySet<string> = new Set(['node:crypto', 'node:net']);

/** Built code whose imports are `const { createHash } = builtin("node:crypto");`, with `(loadCrypto().createHash)` in place of every use of such a name. */
export function loadedAtFirstUse(code: string): string {
  const uses = new Map<string, string>();
  const withoutNames = code.replaceAll(
    /^const (?:(\w+)|\{ ([^}]*) \}) = (?:builtin\("([^"]+)"\)|(\w+));\n/gmu,
    (...match: (string | undefined)[]) => {
      const [all = '', whole, list = '', module = '', object = ''] = match;
      if (whole !== undefined && slow.has(module)) return remember(uses, [[whole, loaderOf(module)]]);
      const loader = slow.has(module) ? loaderOf(module) : uses.get(object);
      if (loader === undefined || whole !== undefined) return all;
      return remember(
        uses,
        list.split(', ').map((name) => [name.split(': ')[1] ?? name, `${loader}.${name.split(': ')[0]}`]),
      );
    },
  );
  if (uses.size === 0) return code;
  const loaders = [...slow]
    .filter((module) => code.includes(`builtin("${module}")`))
    .map(
      (module) =>
        `let ${variableOf(module)};\nconst ${loaderOf(module).slice(0, -2)} = () => ${variableOf(module)} ??= builtin("${module}");\n`,
    );
  return replaceUses(withoutNames, uses).replace(/^const builtin = .*\n/mu, `$&${loaders.join('')}`);
}

/** The imports themselves leave the code. */
function remember(uses: Map<string, string>, found: readonly (readonly [string, string])[]): '' {
  for (const [name, use] of found) uses.set(name, use);
  return '';
}

function loaderOf(module: string): string {
  return `load_${module.replace(':', '_')}()`;
}

function variableOf(module: string): string {
  return `loaded_${module.replace(':', '_')}`;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

function replaceUses(code: string, uses: ReadonlyMap<string, string>): string {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  visit(parseAst(code) as unknown as Node, { uses, hidden: [], edits }); // as every tree of ESTree
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code);
}

interface Visit {
  readonly uses: ReadonlyMap<string, string>;
  /** Names that the functions around declare for themselves. */
  readonly hidden: readonly ReadonlySet<string>[];
  readonly edits: { readonly start: number; readonly end: number; readonly text: string }[];
}

function visit(node: Node, context: Visit): void {
  const { uses, hidden, edits } = context;
  if (node.type === 'Identifier') {
    const name = String(node['name']);
    const use = hidden.some((names) => names.has(name)) ? undefined : uses.get(name);
    if (use !== undefined) edits.push({ start: node.start, end: node.end, text: `(${use})` });
    return;
  }
  if (node.type === 'Property' && node['shorthand'] === true) {
    const { key } = node as unknown as { key: Node }; // a property has one
    const before = edits.length;
    visit(node['value'] as Node, context); // and a value
    if (edits.length > before) edits.push({ start: key.start, end: key.start, text: `${String(key['name'])}: ` });
    return;
  }
  const inner = /Function/u.test(node.type) ? { ...context, hidden: [...hidden, declaredBy(node)] } : context;
  for (const [field, value] of Object.entries(node)) {
    if ((field === 'key' || field === 'property') && node['computed'] !== true) continue;
    for (const child of [value].flat()) if (isNode(child)) visit(child, inner);
  }
}

/** The names that a function binds, in any of its blocks; functions within it have their own. */
function declaredBy(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (!isNode(pattern)) return;
    if (pattern.type === 'Identifier') names.add(String(pattern['name']));
    const { properties, elements, left, argument } = pattern;
    for (const part of [properties, elements, left, argument, pattern.type === 'Property' ? pattern['value'] : undefined].flat())
      bind(part);
  };
  const search = (part: unknown): void => {
    if (!isNode(part)) return;
    if (part.type === 'VariableDeclarator') bind(part['id']);
    if (part.type === 'CatchClause') bind(part['param']);
    if (/Function/u.test(part.type)) return part.type === 'FunctionDeclaration' ? bind(part['id']) : undefined;
    for (const value of Object.values(part)) for (const child of [value].flat()) search(child);
  };
  for (const parameter of [node['params']].flat()) bind(parameter);
  search(node['body']);
  return names;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string';
}
