import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';
import { run } from './peers/programs.ts';
import { figure, type Section } from './section.ts';
import { createVitestProject, leftToNode } from './vitest-project.ts';

/** What it takes to import the built entry points, beside what they stand on and what others take. */
export async function imports(): Promise<Section> {
  if (!existsSync(`${dist}index.js`)) throw new Error('there is no dist: run npm run build first');
  const times = await inNewProcesses();
  const tls = times.get(alone) ?? Number.NaN;
  const core = times.get('mtls-fixtures') ?? Number.NaN;
  const forwarded = times.get('mtls-fixtures/forwarded') ?? Number.NaN;
  const inVitest = await inTestFiles();
  const vitest = inVitest.get('mtls-fixtures/vitest') ?? Number.NaN;
  return {
    title: 'Import time',
    notes: [
      `Medians of ${rounds} new processes in turns; the built package, without a compile cache. Code that a first verdict does not need is loaded at its first call, and \`node:tls\` by the first PKI or server; \`mtls-fixtures/containers\` stands on Testcontainers.`,
      `The entry points for tests are imported in ${testFiles} test files of one Vitest run, where Vitest itself is loaded already.`,
    ],
    tables: [
      {
        title: 'In a new process',
        columns: ['', 'ms', 'ms beyond node:tls'],
        rows: [...times].map(([name, milliseconds]) => [name, figure(milliseconds), figure(Math.max(0, milliseconds - tls))]),
      },
      { title: 'In a test file', columns: ['', 'ms'], rows: [...inVitest].map(([name, milliseconds]) => [name, figure(milliseconds)]) },
    ],
    goals: [
      {
        what: 'importing the core, beside node:tls alone',
        ours: core,
        other: tls,
        unit: 'ms',
        ratio: core / tls,
        goal: 1.35,
        better: 'lower',
      },
      {
        what: 'importing mtls-fixtures/vitest in a test file (goal in ms), beside node:tls alone',
        ours: vitest,
        other: tls,
        unit: 'ms',
        ratio: vitest,
        goal: 10,
        better: 'lower',
      },
      {
        what: 'importing mtls-fixtures/forwarded (goal in ms beyond the core), beside the core alone',
        ours: forwarded,
        other: core,
        unit: 'ms',
        ratio: forwarded - core,
        goal: 10,
        better: 'lower',
      },
    ],
    plots: [],
  };
}

async function inNewProcesses(): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(modules.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, ...specifiers] of modules) {
      const imported = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`).join(' ');
      const program = `const start = performance.now(); ${imported} process.stdout.write(String(performance.now() - start)); process.exit()`;
      times.get(name)?.push(Number(await run(process.execPath, ['--input-type=module', '--eval', program])));
    }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

async function inTestFiles(): Promise<Map<string, number>> {
  const files = Object.entries(entriesOfTests).flatMap(([name, specifier]) =>
    Array.from({ length: testFiles }, (_unused, index) => [
      `${name.replaceAll('/', '-')}-${index}.test.js`,
      importingTest(name, specifier),
    ]),
  );
  const project = createVitestProject(
    Object.fromEntries(files),
    `export default { test: { include: ['*.test.js'], maxWorkers: 1, ${leftToNode} } };`,
  );
  try {
    const { tests } = await project.run();
    const millisecondsOf = (name: string): number[] =>
      tests.filter(({ fullName }) => fullName === name).map(({ meta }) => Number(meta['milliseconds']));
    return new Map(Object.keys(entriesOfTests).map((name) => [name, median(millisecondsOf(name))]));
  } finally {
    project.remove();
  }
}

function importingTest(name: string, specifier: string): string {
  return `import { test } from 'DIST/../node_modules/vitest/dist/index.js';
const start = performance.now();
await import('${specifier}');
const milliseconds = performance.now() - start;
test('${name}', ({ task }) => Object.assign(task.meta, { milliseconds }));
`;
}

const rounds = 11;
const testFiles = 7;
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const alone = 'node:tls';
const modules = [
  [alone, 'node:tls'],
  ['mtls-fixtures', `${dist}index.js`],
  ['mtls-fixtures/scenarios', `${dist}scenarios.js`],
  ['mtls-fixtures/matchers', `${dist}matchers.js`],
  ['mtls-fixtures/forwarded', `${dist}forwarded.js`],
  ['mtls-fixtures/spiffe', `${dist}spiffe.js`],
  ['mtls-fixtures/reporter', `${dist}reporter.js`],
  ['mtls-fixtures/vitest/global-setup', `${dist}vitest-global-setup.js`],
  ['mtls-fixtures/containers', `${dist}containers.js`],
  ['testcontainers', import.meta.resolve('testcontainers')],
  ['selfsigned', import.meta.resolve('selfsigned')],
  ['@peculiar/x509', import.meta.resolve('reflect-metadata'), import.meta.resolve('@peculiar/x509')],
  ['node-forge', import.meta.resolve('node-forge')],
  ['pem', import.meta.resolve('pem')],
  ['mockttp', import.meta.resolve('mockttp')],
] as const;
const entriesOfTests = {
  'mtls-fixtures': 'DIST/index.js',
  'mtls-fixtures/vitest': 'DIST/vitest.js',
  'mtls-fixtures/vitest/setup': 'DIST/vitest-setup.js',
};
