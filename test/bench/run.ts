// npm run bench: every figure beside the one it is to be compared with, measured in turns in this one run. Names of parts after `--` run those alone,
// `--write` writes docs/benchmarks.md as well.
import { parseArgs } from 'node:util';
import { catalogue } from './catalogue.ts';
import { connections } from './connections.ts';
import { engine } from './engine.ts';
import { firstVerdict } from './first-verdict.ts';
import { gateway } from './gateway.ts';
import { handshakes } from './handshakes.ts';
import { identities } from './identities.ts';
import { imports } from './imports.ts';
import { minting } from './minting.ts';
import { packages } from './packages.ts';
import { writePage } from './page.ts';
import type { Part, Section } from './section.ts';
import { relay } from './relay.ts';
import { reloads } from './reloads.ts';
import { spiffe } from './spiffe.ts';
import { surroundings } from './surroundings.ts';
import { goalText, textOf } from './terminal.ts';
import { workers } from './workers.ts';

/** Handshakes first: they are not to pay for collecting what the libraries of the other parts leave. */
const parts: Readonly<Record<string, Part>> = {
  handshakes,
  engine,
  connections,
  gateway,
  'first-verdict': firstVerdict,
  imports,
  packages,
  catalogue,
  reloads,
  relay,
  spiffe,
  workers,
  identities,
  minting,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } });
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`there is no part "${unknown}": use some of ${Object.keys(parts).join(', ')}`);
if (values.write && positionals.length > 0) throw new Error('the page is written from all parts: leave out their names, or --write');

const facts = surroundings();
process.stdout.write(`${facts.map((fact) => fact.join(': ')).join('\n')}\n`);
const sections: Section[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const start = performance.now();
  const section = await part();
  sections.push(section);
  process.stdout.write(`${textOf(section)}\n  (${name}: ${Math.round((performance.now() - start) / 1000)} s)\n`);
}
process.stdout.write(`\nGoals\n${sections.flatMap(({ goals }) => goals.map(goalText)).join('\n')}\n`);
if (values.write) writePage(sections, facts);
