import { InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';

/** Takes the exit code of a command that was run. */
export type End = (code: ExitCode) => void;

/** `--tier`, with a default where a command has one. */
export function tiersOption(preset?: readonly string[]): Option {
  const option = new Option('--tier <tiers>', 'core, control, extended, varies, app; with commas between').argParser(list);
  return preset ? option.default(preset, preset.join(',')) : option;
}

/** `--starttls`. */
export function starttlsOption(): Option {
  return new Option('--starttls <protocol>', 'ask for TLS in this protocol first').choices([
    'postgres',
    'mysql',
    'smtp',
    'imap',
    'ldap',
    'pop3',
    'ftp',
  ]);
}

/** Parses values with commas between. */
export function list(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

/** A parser of whole numbers within bounds. */
export function whole({
  least,
  most,
  what,
}: {
  readonly least: number;
  readonly most: number;
  readonly what: string;
}): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/u.test(value) || number < least || number > most)
      throw new InvalidArgumentError(`It is not ${what} from ${least} to ${most}.`);
    return number;
  };
}

/** The last part of a command's help. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
