import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPki } from '../../src/index.ts';
import { medianTimes, type Timed, timed } from './measure.ts';
import { run } from './peers/programs.ts';
import { figure, type Section } from './section.ts';

/** From the start of a process to its end, with one verdict about a client on the way. */
export async function firstVerdict(): Promise<Section> {
  const folder = createProject();
  try {
    return await compare(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string): Promise<Section> {
  const verdictOf = (name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Timed =>
    timed(async () => {
      const output = await run(process.execPath, [path.join(folder, `${name}.js`), ...args], env);
      if (output !== 'accepted') throw new Error(`${name} said "${output}" of a good client`);
    });
  const pki = createPki();
  const material = JSON.stringify({ server: pki.server().tls, client: pki.client().tls });
  const [nothing = 0, bare = 0, ours = 0, ec = 0, rsa = 0] = await medianTimes(
    [
      timed(() => run(process.execPath, [path.join(folder, 'nothing.js')])),
      verdictOf('first-verdict-bare', [], { MATERIAL: material }),
      verdictOf('first-verdict'),
      verdictOf('first-verdict-by-hand', ['ec']),
      verdictOf('first-verdict-by-hand', ['rsa']),
    ],
    { rounds: 15, turnMs: 0 },
  );
  const row = (name: string, milliseconds: number): string[] => [
    name,
    figure(milliseconds),
    figure(milliseconds / ours),
    figure(milliseconds - nothing),
    figure((milliseconds - nothing) / (ours - nothing)),
  ];
  return {
    title: 'From process start to the first verdict',
    notes: [
      'Whole processes in turns, medians: start Node, import, mint a CA, a server and a client, listen, perform a handshake, print the verdict, end. Ours runs from `dist/`, and mints an intermediate as well.',
      'The lower bound is in the last two rows: the same handshake by `node:tls` with certificates that are there already, and an empty Node process.',
    ],
    tables: [
      {
        title: '',
        columns: ['', 'ms', 'times ours', 'ms beyond an empty process', 'times ours'],
        rows: [
          row('mtls-fixtures', ours),
          row('by hand: selfsigned with P-256 and node:tls', ec),
          row('by hand: selfsigned with its usual RSA-2048 and node:tls', rsa),
          row('node:tls alone, with certificates that are there', bare),
          row('an empty Node process', nothing),
        ],
      },
    ],
    goals: [
      {
        what: 'process start to first verdict, times faster than by hand with selfsigned (P-256) and tls',
        ours,
        other: ec,
        unit: 'ms',
        ratio: ec / ours,
        goal: 5,
        better: 'higher',
      },
      {
        what: 'process start to first verdict, beside the same handshake by node:tls with certificates that are there',
        ours,
        other: bare,
        unit: 'ms',
        ratio: ours / bare,
        goal: 1.3,
        better: 'lower',
      },
    ],
    plots: [],
  };
}

/** The programs as a user has them: JavaScript, with the packages in node_modules. */
function createProject(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-first-verdict-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'nothing.js'), '');
  for (const name of programs) {
    const source = readFileSync(fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), 'utf8');
    writeFileSync(path.join(folder, `${name}.js`), stripTypeScriptTypes(source));
  }
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'mtls-fixtures'), 'junction');
  symlinkSync(path.join(root, 'node_modules', 'selfsigned'), path.join(folder, 'node_modules', 'selfsigned'), 'junction');
  return folder;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = ['first-verdict', 'first-verdict-bare', 'first-verdict-by-hand'];
