import path from 'node:path';
import { expect, test } from 'vitest';
import { nodesOf, parse, projectRoot, readTree, type SourceTree } from './syntax.ts';

/** Where a call is allowed, and why. */
const allowed: ReadonlySet<string> = new Set([
  // Node 22 and 24 alone, on an end whose chain was verified, until it is read from the wire there too.
  'handshake/verdict/presented-chain.ts',
]);

/** The files that mention a method of Node's which ends the process for a peer's key on a curve without a NIST name (measured on Node 24.21 and 26.10). */
function callers(tree: SourceTree): string[] {
  return [...tree].flatMap(([file, text]) => {
    const names = [...nodesOf(parse(file, text).statements)].flatMap((node) => [node['name'], node['value']]);
    return names.some((name) => typeof name === 'string' && deadly.has(name)) ? [file] : [];
  });
}

const deadly = new Set(['getPeerCertificate', 'getCertificate', 'toLegacyObject']);

test('nothing in src calls what a certificate of a peer can crash', () => {
  const tree = readTree(path.join(projectRoot, 'src'), '**/*.ts');

  expect(tree.size).toBeGreaterThan(50);
  expect(callers(tree).filter((file) => !allowed.has(file))).toEqual([]);
});

test.for([
  'socket.getPeerCertificate(true);',
  'socket?.getCertificate();',
  "x509['toLegacyObject']();",
  'const { getPeerCertificate } = socket;',
])('a call is found: %s', (statement) => {
  expect(callers(new Map([['cli/more.ts', statement]]))).toEqual(['cli/more.ts']);
});

test('the method that does not crash, and a comment, are not found', () => {
  expect(callers(new Map([['cli/more.ts', '// not getPeerCertificate()\nsocket.getPeerX509Certificate();']]))).toEqual([]);
});
