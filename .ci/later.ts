// Splits off what a first verdict does without: chunks that are loaded at the first call of one of their functions. Half of the time that importing the core takes is V8's
// parser, in proportion to the code, used or not (measured on Node 26.10); docs/decisions/code-loaded-at-the-first-call.md has the figures.
import path from 'node:path';
import { rolldown, type OutputChunk, type Plugin, type RolldownOptions } from 'rolldown';

/** By chunk: modules of src/ whose exports are functions. Every import of one becomes that of a module of the same functions, each of which loads the chunk. */
const later: Readonly<Record<string, readonly string[]>> = {
  explain: [
    'handshake/explain/explain.ts',
    'handshake/explain/masked.ts',
    'handshake/verdict/reasons/hidden-reason.ts',
    'handshake/observe/connection/renegotiation.ts',
    'handshake/verdict/client-errors/grpc-error.ts',
    'handshake/verdict/client-errors/handshake-failure.ts',
    'handshake/verdict/client-errors/openssl-reason.ts',
    'handshake/verdict/failed-handshake.ts',
    'handshake/verdict/reasons/reasons.ts',
    'wire/decode/decode-handshake.ts',
    'wire/rewrite/certificate-rewriter.ts',
    'x509/verification/verify-failure.ts',
  ],
  inspect: ['x509/algorithm-names.ts', 'x509/inspect-certificate.ts'],
  capture: ['wire/pcapng/to-pcapng.ts'],
  formats: [
    'pki/formats/identity-from-pem.ts',
    'pki/formats/identity-from-pkcs12.ts',
    'pki/formats/pkcs12/encode-pkcs12.ts',
    'pki/formats/private-key-pem.ts',
    'pki/formats/restore-pki.ts',
    'pki/revocation/issued-serial.ts',
    'pki/revocation/ocsp-responder.ts',
    'pki/self-signed-identity.ts',
    'pki/files/new-file.ts',
    'pki/files/write-files.ts',
    'pki/permitted.ts',
    'x509/names/name-constraints.ts',
    'x509/revocation/revocation-list.ts',
  ],
  hosts: ['handshake/server/host-options.ts', 'handshake/observe/virtual-hosts.ts'],
  connection: ['handshake/attempt/open-connection.ts'],
  listening: ['handshake/observe/observe-listening.ts'],
  matchers: ['matchers/failure-transcript.ts', 'matchers/run-matcher.ts'],
  relay: ['relay/start-relay.ts'],
  starttls: ['wire/starttls/negotiate-starttls.ts'],
};

/** A built chunk, and what it uses of the core: names by module. */
interface LaterChunk {
  readonly name: string;
  readonly code: string;
  readonly uses: ReadonlyMap<string, readonly string[]>;
}

export interface Later {
  /** Puts the modules that load the chunks in place of the chunks' own. */
  readonly plugin: Plugin;
  /** The files of the chunks by their name in dist/chunks/. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether a module belongs to what is loaded when the core is imported. */
  readonly isCore: (id: string) => boolean;
}

/** Builds the chunks of the core whose entry point is `index`. */
export async function buildLater(source: string, index: string, options: RolldownOptions): Promise<Later> {
  const chunkOf = new Map(Object.entries(later).flatMap(([name, modules]) => modules.map((module) => [path.join(source, module), name])));
  const exported = new Map<string, readonly string[]>();
  for (const module of chunkOf.keys()) exported.set(module, await functionsOf(module));
  const core = await coreModules(index, options, loadersInstead({ chunkOf, exported, uses: [] }));
  const chunks: LaterChunk[] = [];
  for (const name of Object.keys(later)) chunks.push(await buildChunk(name, { source, chunkOf, core, options }));
  return {
    plugin: loadersInstead({ chunkOf, exported, uses: chunks.flatMap(({ uses }) => [...uses]) }),
    files: new Map(chunks.map(({ name, code }) => [`${name}.cjs`, code])),
    isCore: (id) => core.has(id) || id.startsWith(loader) || id.startsWith(virtual) || shared.test(id),
  };
}

/** A class or a table cannot be loaded at its first call. */
async function functionsOf(module: string): Promise<readonly string[]> {
  const names = Object.entries((await import(module)) as Record<string, unknown>); // any module is one
  const other = names.find(([, value]) => typeof value !== 'function' || /^class\b/u.test(String(value)));
  if (other) throw new Error(`"${module}" exports ${other[0]}, which is not a function: it cannot be loaded later`);
  return names.map(([name]) => name);
}

async function coreModules(index: string, options: RolldownOptions, plugin: Plugin): Promise<ReadonlySet<string>> {
  const graph = await rolldown({ ...options, input: index, plugins: [plugin] });
  const { output } = await graph.generate({ format: 'esm' });
  await graph.close();
  return new Set(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}

interface Parts {
  readonly chunkOf: ReadonlyMap<string, string>;
  readonly exported: ReadonlyMap<string, readonly string[]>;
  /** What the chunks use of the core. */
  readonly uses: readonly (readonly [module: string, names: readonly string[]])[];
}

function loadersInstead({ chunkOf, exported, uses }: Parts): Plugin {
  return {
    name: 'later',
    resolveId: {
      order: 'pre',
      async handler(specifier, importer) {
        if (specifier.startsWith(virtual)) return specifier;
        if (importer?.startsWith(loader) || importer?.startsWith(virtual))
          return path.isAbsolute(specifier) && chunkOf.has(specifier) ? `${loader}${specifier}` : null;
        const resolved = await this.resolve(specifier, importer, { skipSelf: true });
        return resolved && chunkOf.has(resolved.id) ? `${loader}${resolved.id}` : null;
      },
    },
    load(id) {
      if (id === parts) return partsModule(uses);
      if (id === chunkLoader) return chunkLoaderModule;
      if (!id.startsWith(loader)) return null;
      const module = id.slice(loader.length);
      const chunk = JSON.stringify(chunkOf.get(module));
      const functions = (exported.get(module) ?? []).map(
        (name) => `export function ${name}(...values) { return load(${chunk}).${name}(...values); }`,
      );
      return [`import { load } from ${JSON.stringify(chunkLoader)};`, ...functions].join('\n');
    },
  };
}

/** The chunks are given what they share with the core, and import nothing: a second copy of a class would not know the objects of the first (Jest has a module registry of its own). */
function partsModule(uses: Parts['uses']): string {
  const names = new Map<string, Set<string>>();
  for (const [module, used] of uses) names.set(module, new Set([...(names.get(module) ?? []), ...used]));
  const modules = [...names].map(([module, used], index) => ({
    module,
    used: [...used].map((name) => ({ name, local: `${name}_${index}` })),
  }));
  return [
    ...modules.map(
      ({ module, used }) => `import { ${used.map(({ name, local }) => `${name} as ${local}`).join(', ')} } from ${JSON.stringify(module)};`,
    ),
    'export const parts = () => ({',
    ...modules.map(
      ({ module, used }) =>
        `${JSON.stringify(path.basename(module))}: { ${used.map(({ name, local }) => `${name}: ${local}`).join(', ')} },`,
    ),
    '});',
  ].join('\n');
}

interface Surroundings {
  readonly source: string;
  readonly chunkOf: ReadonlyMap<string, string>;
  readonly core: ReadonlySet<string>;
  readonly options: RolldownOptions;
}

async function buildChunk(name: string, { source, chunkOf, core, options }: Surroundings): Promise<LaterChunk> {
  const modules = [...chunkOf].filter(([, chunk]) => chunk === name).map(([module]) => module);
  const isOutside = (id: string): boolean => (chunkOf.has(id) ? chunkOf.get(id) !== name : core.has(id));
  const graph = await rolldown({
    ...options,
    input: `${virtual}${name}`,
    plugins: [
      {
        name: 'later-chunk',
        resolveId: {
          order: 'pre',
          async handler(specifier, importer) {
            if (specifier.startsWith(virtual)) return specifier;
            const resolved = path.isAbsolute(specifier) ? { id: specifier } : await this.resolve(specifier, importer, { skipSelf: true });
            return resolved && isOutside(resolved.id)
              ? { id: `${fromCore}${resolved.id}`, external: true, moduleSideEffects: false }
              : (resolved?.id ?? null);
          },
        },
        load: (id) => (id.startsWith(virtual) ? modules.map((module) => `export * from ${JSON.stringify(module)};`).join('\n') : null),
      },
    ],
  });
  const { output } = await graph.generate({ format: 'esm', comments: { jsdoc: false, annotation: true, legal: true } });
  await graph.close();
  const [chunk, ...others] = output.filter((file): file is OutputChunk => file.type === 'chunk');
  if (!chunk || others.length > 0) throw new Error(`the chunk "${name}" is in ${output.length} files`);
  return factoryOf(name, chunk.code, source);
}

/** A module as a function of what it takes from the core: CommonJS, which `require` loads on every version of Node, and within Jest. */
function factoryOf(name: string, code: string, source: string): LaterChunk {
  const uses = new Map<string, readonly string[]>();
  const body = withoutImports(code, (module, names) => {
    if (!module.startsWith(fromCore)) return undefined;
    const id = module.slice(fromCore.length);
    uses.set(id, names);
    return `core[${JSON.stringify(path.basename(id))}]`;
  }).replace(/^export \{([^}]*)\};$/mu, (_all, list: string) => `return {${list.replaceAll(/(\w+) as (\w+)/gu, '$2: $1')}};`);
  if (/^(?:import|export)\b/mu.test(body)) throw new Error(`the chunk "${name}" has an import or export that is not read`);
  const names = [...uses.keys()].map((id) => path.basename(id));
  if (new Set(names).size < names.length) throw new Error(`the chunk "${name}" uses two modules of the same name below "${source}"`);
  return { name, uses, code: `'use strict';\nmodule.exports = (core) => {\n${body}\n};\n` };
}

/**
 * Static imports of Node's modules as `process.getBuiltinModule`, others as `from` says. An ES module that imports one makes Node load all that the module's getters load
 * (`fs.promises`, `crypto.webcrypto`): 5 ms of import time, which nothing here needs. Where there is no `process`, the check of the runtime reports that, not this.
 */
export function withoutImports(
  code: string,
  from: (module: string, names: readonly string[]) => string | undefined = () => undefined,
): string {
  let isBuiltin = false;
  const rewritten = code.replaceAll(staticImport, (all: string, whole: string | undefined, list: string | undefined, module: string) => {
    const names = (list ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    isBuiltin ||= module.startsWith('node:');
    const object = module.startsWith('node:')
      ? `builtin(${JSON.stringify(module)})`
      : from(
          module,
          names.map((name) => name.split(' as ')[0] ?? name),
        );
    if (object === undefined) return all;
    return [
      ...(whole === undefined ? [] : [`const ${whole} = ${object};`]),
      ...(names.length === 0 ? [] : [`const { ${names.join(', ').replaceAll(' as ', ': ')} } = ${whole ?? object};`]),
    ].join('\n');
  });
  return isBuiltin
    ? rewritten.replace(/^(?:#!.*\n)?/u, `$&const builtin = (name) => globalThis.process?.getBuiltinModule?.(name) ?? {};\n`)
    : rewritten;
}

const staticImport = /^import (?:(\w+)(?:, )?)?(?:\{([^}]*)\} )?\s*from "([^"]+)";$/gmu;
/** Small, and used by several other entry points. */
const shared = /\/src\/(?:errors|handshake\/verdict\/client-errors)\//u;
const virtual = 'virtual:later/';
const parts = `${virtual}parts`;
const chunkLoader = `${virtual}load`;
const loader = 'later:';
const fromCore = 'core:';
const chunkLoaderModule = `
import { parts } from ${JSON.stringify(parts)};
const loaded = {};
export function load(chunk) {
  return loaded[chunk] ??= process.getBuiltinModule('node:module').createRequire(import.meta.url)('./' + chunk + '.cjs')(parts());
}`;
