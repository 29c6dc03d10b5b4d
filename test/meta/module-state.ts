import { nodesOf, parse, type SourceTree, type SyntaxNode } from './syntax.ts';

/**
 * The bindings at the top of a source tree's modules whose value can change while the program runs, as `file: name`: what is declared by `let` or `var`; instances of classes,
 * collections among them, unless their declared type is read-only; and what the module's own code writes to. Static members of classes count as bindings.
 */
export function moduleState(tree: SourceTree): string[] {
  return [...tree].flatMap(([file, text]) => {
    const { statements } = parse(file, text);
    const written = writtenTo(statements);
    return bindingsOf(statements)
      .filter((binding) => isMutable(binding, text, written))
      .map(({ name }) => `${file}: ${name}`);
  });
}

interface Binding {
  readonly name: string;
  readonly isConstant: boolean;
  readonly type: SyntaxNode | undefined;
  readonly value: SyntaxNode | undefined;
}

function bindingsOf(statements: readonly SyntaxNode[]): readonly Binding[] {
  return statements
    .map((statement) => childOf(statement, 'declaration') ?? statement)
    .flatMap((declaration) => {
      if (declaration.type === 'ClassDeclaration') return staticMembersOf(declaration);
      if (declaration.type !== 'VariableDeclaration') return [];
      const isConstant = declaration['kind'] === 'const';
      return childrenOf(declaration, 'declarations').flatMap((declarator) => {
        const names = [...nodesOf(declarator['id'])].filter(({ type, name }) => type === 'Identifier' && typeof name === 'string');
        const [id] = names;
        const type = id && childOf(id, 'typeAnnotation');
        return (type ? names.slice(0, 1) : names).map((each) => ({
          name: nameOf(each),
          isConstant,
          type,
          value: childOf(declarator, 'init'),
        }));
      });
    });
}

function staticMembersOf(declaration: SyntaxNode): readonly Binding[] {
  const body = childOf(declaration, 'body');
  const members = body ? childrenOf(body, 'body') : [];
  return members
    .filter((member) => member.type === 'PropertyDefinition' && member['static'] === true && member['declare'] !== true)
    .map((member) => ({
      name: `${nameOf(childOf(declaration, 'id'))}.${nameOf(childOf(member, 'key'))}`,
      isConstant: member['readonly'] === true,
      type: childOf(member, 'typeAnnotation'),
      value: childOf(member, 'value'),
    }));
}

function isMutable({ name, isConstant, type, value }: Binding, text: string, written: ReadonlySet<string>): boolean {
  if (!isConstant || written.has(name)) return true;
  const isReadonly = type !== undefined && /^:\s*(?:Readonly|readonly )/u.test(text.slice(type.start, type.end));
  return value?.type === 'NewExpression' && !isReadonly && !unchanging.has(nameOf(childOf(value, 'callee')));
}

/** The names that a module's code assigns to, increments, deletes from, or calls a method of that changes its object. */
function writtenTo(statements: readonly SyntaxNode[]): ReadonlySet<string> {
  return new Set([...nodesOf(statements)].map((node) => nameOf(rootOf(targetOf(node)))).filter((name) => name !== ''));
}

function targetOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'AssignmentExpression') return childOf(node, 'left');
  if (node.type === 'UpdateExpression') return childOf(node, 'argument');
  if (node.type === 'UnaryExpression' && node['operator'] === 'delete') return childOf(node, 'argument');
  if (node.type !== 'CallExpression') return undefined;
  const callee = childOf(node, 'callee');
  if (callee?.type !== 'MemberExpression') return undefined;
  const [object, method] = [childOf(callee, 'object'), nameOf(childOf(callee, 'property'))];
  const isCopied = object && nameOf(object) === 'Object' && (method === 'assign' || method.startsWith('define'));
  if (isCopied) return childrenOf(node, 'arguments')[0];
  return changing.test(method) ? object : undefined;
}

/** The object that a chain of members begins at. */
function rootOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.type === 'MemberExpression' ? rootOf(childOf(node, 'object')) : node;
}

function childOf(node: SyntaxNode, property: string): SyntaxNode | undefined {
  const child = node[property];
  return typeof child === 'object' && child !== null && 'type' in child ? (child as SyntaxNode) : undefined; // as the parser makes it
}

function childrenOf(node: SyntaxNode, property: string): readonly SyntaxNode[] {
  const children = node[property];
  return Array.isArray(children) ? (children as readonly SyntaxNode[]) : []; // as above
}

function nameOf(node: SyntaxNode | undefined): string {
  return typeof node?.['name'] === 'string' ? node['name'] : '';
}

const changing = /^(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/u;
const unchanging: ReadonlySet<string> = new Set(['RegExp', 'TextDecoder', 'TextEncoder', 'Uint8Array', 'URL']);
