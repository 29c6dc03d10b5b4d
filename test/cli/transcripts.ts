import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a command printed on either stream, and its exit code. */
export interface Outcome {
  readonly output: string;
  readonly exitCode: number;
}

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs `mtls-fixtures` in a folder, as a shell would: without a terminal, 80 columns wide. */
export async function runCommand(args: readonly string[], cwd: string): Promise<Outcome> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...environment } = process.env;
  const child = spawn(process.execPath, [entry, ...args], { cwd, env: { ...environment, COLUMNS: '80' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return { output, exitCode };
}

/** The parts of a transcript, each a command and what it printed. */
export function sectionsOf(transcript: string): { readonly args: string; readonly text: string }[] {
  const texts = transcript.trimEnd().split(/\n\n(?=\$ mtls-fixtures )/u);
  return texts.map((text) => ({ text, args: /^\$ mtls-fixtures (.*)$/mu.exec(text)?.[1] ?? '' }));
}

/** The part of a transcript for a command that was run. */
export function sectionOf(args: string, { output, exitCode }: Outcome): string {
  const body = output.trimEnd();
  return [`$ mtls-fixtures ${args}`, ...(body === '' ? [] : [body]), ...(exitCode === 0 ? [] : [`(exit code ${exitCode})`])].join('\n');
}

/** Hides what differs from run to run. */
export function masked(output: string): string {
  return output
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, '<date>')
    .replaceAll(/\b(?:[\dA-F]{2}:\s*){31}[\dA-F]{2}\b/gu, '<fingerprint>')
    .replaceAll(/(?<=serial +)[\dA-F]+/gu, '<serial>')
    .replaceAll(/(?<=pin +)\S+/gu, '<pin>')
    .replaceAll(/mtls-fixtures [\da-f]{6}\b/gu, 'mtls-fixtures <random>')
    .replaceAll(/\b\d+\.\d ms/gu, '<duration>');
}
