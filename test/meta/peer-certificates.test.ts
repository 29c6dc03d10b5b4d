import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodesOf, parse, projectRoot, readTree, type SourceTree } from './syntax.ts';

/** Where a call is allowed, and why. */
const allowed: ReadonlySet<string> = new Set([
  // Replaces the call that Node's own client makes; the usual one is made for certificates of which no key is on such a curve.
  'src/handshake/attempt/peer-certificate.ts',
  // Runs on Bun, whose engine is another.
  'fixtures/peers/bun/peer.ts',
]);

/** The files that mention a method of Node's which ends the process for a peer's key on a curve without a NIST name (measured on Node 24.21 and 26.10). */
function callers(tree: SourceTree): string[] {
  return [...tree].flatMap(([file, text]) => {
    const names = [...nodesOf(parse(file, text).statements)].flatMap((node) => [node['name'], node['value']]);
    return names.some((name) => typeof name === 'string' && deadly.has(name)) ? [file] : [];
  });
}

const deadly = new Set(['getPeerCertificate', 'getCertificate', 'toLegacyObject']);

/** Programs of the project: what is published, what its own tools are, and the peers and examples that show others how. */
const programs = ['src', '.ci', 'fixtures', 'test/examples'] as const;

test.for(programs)('nothing in %s calls what a certificate of a peer can crash', (folder) => {
  const tree = new Map(
    [...readTree(path.join(projectRoot, folder), '**/*.{ts,mts,cts,js,mjs,cjs}')].map(([file, text]) => [`${folder}/${file}`, text]),
  );

  expect(tree.size).toBeGreaterThan(3);
  expect(callers(tree).filter((file) => !allowed.has(file))).toEqual([]);
});

test('no code block of the documents calls it', () => {
  const pages = [...readTree(projectRoot, '{README.md,docs/**/*.md}')];
  const blocks = pages.map(([file, text]) => [file, [...text.matchAll(/^```[\s\S]*?^```/gmu)].join('\n')] as const);

  expect(blocks.filter(([, text]) => text !== '').length).toBeGreaterThan(3);
  expect(blocks.filter(([, text]) => /\b(?:getPeerCertificate|toLegacyObject)\b/u.test(text)).map(([file]) => file)).toEqual([]);
});

describe('the search', () => {
  test.for([
    'socket.getPeerCertificate(true);',
    'socket?.getCertificate();',
    "x509['toLegacyObject']();",
    'const { getPeerCertificate } = socket;',
  ])('finds a call: %s', (statement) => {
    expect(callers(new Map([['cli/more.ts', statement]]))).toEqual(['cli/more.ts']);
  });

  test('does not find the method that does not crash, nor a comment', () => {
    expect(callers(new Map([['cli/more.ts', '// not getPeerCertificate()\nsocket.getPeerX509Certificate();']]))).toEqual([]);
  });
});
