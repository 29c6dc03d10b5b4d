import path from 'node:path';
import { expect, test } from 'vitest';
import { layerViolations } from './layers.ts';
import { projectRoot, readTree } from './syntax.ts';

test('arrows in src point down, outside packages stay in their place, and no file is too long', () => {
  const tree = readTree(path.join(projectRoot, 'src'), '**/*.ts');

  expect(tree.size).toBeGreaterThan(50);
  expect(layerViolations(tree)).toEqual([]);
});

/** A tree in order, which each case below breaks in one place. */
const sound = {
  'index.ts': "export { observe } from './handshake/observe.ts';\nexport type { Pki } from './pki/pki.ts';",
  'errors/index.ts': 'export class Failure extends Error {}',
  'clock/real-clock.ts': "import timers from 'node:timers';\nexport const { setTimeout } = timers;",
  'pki/pki.ts': "import type { Identity } from './identity.ts';\nexport interface Pki { readonly identity: Identity }",
  'pki/identity.ts':
    "import { Failure } from '../errors/index.ts';\nimport type { Holder } from './holder.ts';\nexport class Identity extends Failure implements Holder { name = '' }",
  'pki/holder.ts': 'export interface Holder { readonly name: string }',
  'pki/self-signed-identity.ts': "export const mint = async () => import('selfsigned');",
  'wire/tap.ts': 'export const tap = 1;',
  'handshake/observe.ts':
    "import { tap } from '../wire/tap.ts';\nimport { Identity } from '../pki/identity.ts';\nexport const observe = { tap, Identity };",
  'vitest/test.ts': "import { test } from 'vitest';\nimport { observe } from '../handshake/observe.ts';\nexport { test, observe };",
};

test('a tree in order has no violations', () => {
  expect(layerViolations(new Map(Object.entries(sound)))).toEqual([]);
});

test.for<[what: string, file: string, text: string, violation: string]>([
  [
    'an arrow up',
    'pki/more.ts',
    "import { observe } from '../handshake/observe.ts';",
    'pki/more.ts (layer 3) imports handshake/observe.ts (layer 4)',
  ],
  [
    'an arrow up for a type',
    'errors/more.ts',
    "import type { Pki } from '../pki/pki.ts';",
    'errors/more.ts (layer 0) imports pki/pki.ts (layer 3)',
  ],
  [
    'an arrow up inside a type',
    'errors/more.ts',
    "type P = import('../pki/pki.ts').Pki;",
    'errors/more.ts (layer 0) imports pki/pki.ts (layer 3)',
  ],
  [
    'an arrow up by re-export',
    'wire/more.ts',
    "export { observe } from '../handshake/observe.ts';",
    'wire/more.ts (layer 3) imports handshake',
  ],
  [
    'an arrow up at run time',
    'wire/more.ts',
    "await import('../handshake/observe.ts');",
    'wire/more.ts (layer 3) imports handshake/observe.ts',
  ],
  [
    'an arrow sideways',
    'wire/more.ts',
    "import { Identity } from '../pki/identity.ts';",
    'wire/more.ts (layer 3) imports pki/identity.ts (layer 3)',
  ],
  [
    'an arrow from the lowest layer',
    'clock/more.ts',
    "import '../errors/index.ts';",
    'clock/more.ts (layer 0) imports errors/index.ts (layer 0)',
  ],
  [
    'an import of an entry point',
    'vitest/more.ts',
    "import { observe } from '../index.ts';",
    'vitest/more.ts imports the entry point index.ts',
  ],
  ['a folder without a layer', 'utils/more.ts', '', 'utils/more.ts is in a folder without a layer'],
  [
    'Vitest in the core',
    'handshake/more.ts',
    "import type { TestProject } from 'vitest/node';",
    'imports "vitest/node", which only vitest/ and report/ may',
  ],
  [
    'an unknown package',
    'pki/more.ts',
    "import '@peculiar/x509';",
    'imports "@peculiar/x509", which is neither a module of src/ nor a package',
  ],
  [
    'a built-in module without its prefix',
    'pki/more.ts',
    "import fs from 'fs';",
    'imports "fs", which is neither a module of src/ nor a package',
  ],
  ['a file that does not exist', 'pki/more.ts', "import './missing.ts';", 'imports "pki/missing.ts", which is neither a module of src/'],
  ['selfsigned in two files', 'pki/more.ts', "await import('selfsigned');", 'import "selfsigned"; only one file may'],
  ['a computed import', 'pki/more.ts', 'await import(process.argv[1]);', 'pki/more.ts imports a module whose name is computed'],
  ['everything re-exported', 'pki/more.ts', "export * from './pki.ts';", 'pki/more.ts re-exports everything of a module'],
  ['a long file', 'pki/more.ts', 'export {};\n\n'.repeat(251), 'pki/more.ts has 251 non-blank lines'],
  ['a cycle', 'errors/index.ts', "import './more.ts';", 'imports go round: errors/index.ts -> errors/more.ts -> errors/index.ts'],
  [
    'a cycle of types',
    'pki/holder.ts',
    "import type { Identity } from './identity.ts';\nexport interface Holder { readonly of: Identity }",
    'imports go round: pki/identity.ts -> pki/holder.ts -> pki/identity.ts',
  ],
  [
    'a cycle closed by a type inside a type',
    'pki/holder.ts',
    "export interface Holder { readonly of: import('./identity.ts').Identity }",
    'imports go round: pki/identity.ts -> pki/holder.ts -> pki/identity.ts',
  ],
  ['grpc-js outside of spiffe', 'relay/more.ts', "import '@grpc/grpc-js';", 'imports "@grpc/grpc-js", which only spiffe/ may'],
  [
    'the assertions in a test runner’s folder',
    'matchers/more.ts',
    "import { test } from '../vitest/test.ts';",
    'matchers/more.ts (layer 7) imports vitest/test.ts (layer 8)',
  ],
])('%s is a violation', ([what, file, text, violation]) => {
  const back = what === 'a cycle' ? { 'errors/more.ts': "import './index.ts';" } : {};

  expect(layerViolations(new Map(Object.entries({ ...sound, [file]: text, ...back })))).toEqual([expect.stringContaining(violation)]);
});

test('the longest file that is allowed has 250 non-blank lines', () => {
  expect(layerViolations(new Map([['pki/long.ts', 'export {};\n\n'.repeat(250)]]))).toEqual([]);
});
