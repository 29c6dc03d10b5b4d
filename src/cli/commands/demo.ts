import type { Command } from 'commander';
import type { End } from '../arguments.ts';
import { examples } from '../usage.ts';

/** Registers `mtls-fixtures demo`. */
export function registerDemo(program: Command, end: End): void {
  program
    .command('demo')
    .description('perform sixteen handshakes with servers of this process and print the verdict of each')
    .addHelpText('after', examples(['mtls-fixtures demo']))
    .action(async () => end(await (await import('../run/demo.ts')).runDemo()));
}
