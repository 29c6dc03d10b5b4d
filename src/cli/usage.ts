import type { Command, CommanderError, Option } from 'commander';
import { MtlsFixturesError } from '../errors/index.ts';
import { didYouMean } from '../options/suggestion.ts';
import { foldWords } from './output/lines.ts';
import { widthOf } from './output/terminal.ts';

/** The columns of the help: 80 where the output is not a terminal. */
export function helpWidth(): number {
  return widthOf(process.stdout) ?? 80;
}

/** An option in the help, with its values as a person writes them. */
export function describeOption({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const preset = defaultValueDescription ?? (typeof defaultValue === 'boolean' ? undefined : defaultValue);
  const facts = [argChoices && `one of ${argChoices.join(', ')}`, preset !== undefined && `default: ${[preset].flat().join(',')}`].filter(
    (fact) => typeof fact === 'string',
  );
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
}

/** The last part of a command's help: its lines can be copied to a shell, long ones too. */
export function examples(lines: readonly string[]): () => string {
  return () => `\nExamples:\n${lines.map(example).join('\n')}`;
}

function example(line: string): string {
  const width = helpWidth();
  const command = `  $ ${line}`;
  if (command.length <= width) return command;
  return foldWords(command, width - 2, { indent: 6, after: / (?=-)/u }).replaceAll('\n', ' \\\n');
}

/** Our error for one of commander's about the arguments of a command; its own, which ends the command, for help and version. */
export function usageError({ code, message }: CommanderError, command: Command): Error | undefined {
  const describe = problems[code];
  if (!describe) return undefined;
  const name = /'(.*?)'/su.exec(message)?.[1] ?? '';
  return new MtlsFixturesError('OPTION_INVALID', describe({ name, message, command }));
}

interface Problem {
  readonly name: string;
  readonly message: string;
  readonly command: Command;
}

interface Facts {
  readonly option: string;
  readonly value: string;
  readonly expected: string;
}

const problems: Readonly<Partial<Record<string, (problem: Problem) => Facts>>> = {
  'commander.unknownCommand': ({ name, command }) => {
    const known = command.commands.map((one) => one.name());
    return { option: 'command', value: name, expected: `one of ${known.join(', ')}${didYouMean(name, known)}` };
  },
  'commander.unknownOption': ({ name, command }) => {
    const known = command.options.map(({ long, short }) => long ?? short ?? '');
    return { option: 'option', value: name, expected: `one of ${[...known, '--help'].join(', ')}${didYouMean(name, known)}` };
  },
  'commander.excessArguments': ({ message, command }) => {
    const count = command.registeredArguments.length;
    const value = /\d: (.*)\.$/su.exec(message)?.[1]?.split(', ')[count] ?? '';
    return { option: 'argument', value, expected: `${count === 0 ? 'none' : `no more than ${count}`}; ${seeHelp(command)}` };
  },
  'commander.missingArgument': ({ name, command }) => {
    const { description = '' } = command.registeredArguments.find((argument) => argument.name() === name) ?? {};
    return { option: `<${name}>`, value: '', expected: `a value: ${description}; ${seeHelp(command)}` };
  },
  'commander.optionMissingArgument': missingValue,
  'commander.missingMandatoryOptionValue': missingValue,
};

function missingValue({ name, command }: Problem): Facts {
  const option = command.options.find(({ flags }) => flags === name);
  return { option: option?.long ?? name, value: '', expected: `a value: ${option?.description ?? name}; ${seeHelp(command)}` };
}

function seeHelp(command: Command): string {
  const name = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  return `see ${name} --help`;
}
