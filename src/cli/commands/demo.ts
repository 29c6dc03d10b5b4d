import type { Command } from 'commander';
import { examples, type End } from '../arguments.ts';

/** Registers `mtls-fixtures demo`. */
export function registerDemo(program: Command, end: End): void {
  program
    .command('demo')
    .description('shake sixteen hands with servers of this process and print what each came to')
    .addHelpText('after', examples(['mtls-fixtures demo']))
    .action(async () => end(await (await import('../run/demo.ts')).runDemo()));
}
