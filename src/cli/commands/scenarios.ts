import type { Command } from 'commander';
import { choice, type End, tiersOption } from '../arguments.ts';
import { examples } from '../usage.ts';
import type { ScenariosOptions } from '../run/scenarios.ts';

/** Registers `mtls-fixtures scenarios`. */
export function registerScenarios(program: Command, end: End): void {
  program
    .command('scenarios')
    .argument('[id]', 'explain this one')
    .description('list the catalogue, or explain one scenario')
    .addOption(choice('--role <role>', 'of the one that presents', ['client', 'server', 'protocol', 'forwarded', 'bound-token']))
    .addOption(tiersOption())
    .option('--json', 'print JSON')
    .option('--coverage <report>', 'what a run covered; its JSON report')
    .addHelpText(
      'after',
      examples([
        'mtls-fixtures scenarios --role client --tier core',
        'mtls-fixtures scenarios expired-leaf',
        'mtls-fixtures scenarios --coverage report.json',
      ]),
    )
    .action(async (id: string | undefined, options: ScenariosOptions) =>
      end(await (await import('../run/scenarios.ts')).showScenarios(id, options)),
    );
}
