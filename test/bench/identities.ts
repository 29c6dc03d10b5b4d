import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';
import { buildGoMinter } from './peers/go.ts';
import { isInstalled, run, startMinter } from './peers/programs.ts';
import { figure, type Section } from './section.ts';

/** A thousand identities at once: the time and the memory that they take. */
export async function identities(): Promise<Section> {
  const rows: string[][] = [];
  for (const [name, peer, rounds] of peers) rows.push(rowOf(name, await medianOf(() => here(peer), rounds)));
  rows.push(isInstalled('go') ? rowOf("Go's crypto/x509", await byGo()) : ["Go's crypto/x509", 'not here', '', '']);
  return {
    title: '1,000 identities',
    notes: [
      `${count} P-256 leaves with their keys, minted one after the other in a process of its own and all kept: ours as identities whose PEM was read, raw as key objects, PEM and octets, the others as PEM. Medians of ${quickRounds} processes, of the slow ones one.`,
      'Memory is what the garbage collector leaves. A Node key object keeps its key outside of the heap, which only resident memory shows; what Go has asked for from the system is not shown.',
    ],
    tables: [{ title: '', columns: ['', 'milliseconds', 'kB of heap for each', 'kB of resident memory for each'], rows }],
    goals: [],
    plots: [],
  };
}

async function medianOf(measure: () => Promise<number[]>, rounds: number): Promise<number[]> {
  const figures: number[][] = [];
  while (figures.length < rounds) figures.push(await measure());
  return (figures[0] ?? []).map((_first, index) => median(figures.map((row) => row[index] ?? Number.NaN)));
}

async function here(peer: string): Promise<number[]> {
  const program = fileURLToPath(new URL('programs/keep-identities.ts', import.meta.url));
  return numbersOf(await run(process.execPath, ['--expose-gc', program, peer, String(count)]));
}

async function byGo(): Promise<number[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-identities-'));
  try {
    const program = await buildGoMinter(folder);
    return await medianOf(async () => {
      const { ask, close } = startMinter(program, []);
      const answer = await ask(`heap ${count}`);
      close();
      return numbersOf(answer);
    }, quickRounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function numbersOf(line: string): number[] {
  return line.trim().split(' ').map(Number);
}

function rowOf(name: string, [milliseconds = Number.NaN, heap = Number.NaN, resident]: readonly number[]): string[] {
  return [name, figure(milliseconds), figure(heap), resident === undefined ? '' : figure(resident)];
}

const count = 1000;
const quickRounds = 3;
const peers = [
  ['mtls-fixtures', 'ours', quickRounds],
  ['raw node:crypto', 'raw', quickRounds],
  ['selfsigned', 'selfsigned', 1],
  ['@peculiar/x509', 'peculiar', 1],
] as const;
