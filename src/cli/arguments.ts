import { Option } from 'commander';
import { invalidOption } from '../errors/index.ts';
import { didYouMean } from '../options/suggestion.ts';
import type { ExitCode } from './exit-codes.ts';

/** Takes the exit code of a command that was run. */
export type End = (code: ExitCode) => void;

/** `--tier`, with a default where a command has one. */
export function tiersOption(preset?: readonly string[]): Option {
  const option = new Option('--tier <tiers>', `${tiers.join(', ')}; with commas between`).argParser(words('--tier', tiers));
  return preset ? option.default(preset) : option;
}

/** `--starttls`. */
export function starttlsOption(): Option {
  const protocols = ['postgres', 'mysql', 'smtp', 'imap', 'ldap', 'pop3', 'ftp', 'nats'];
  return choice('--starttls <protocol>', 'ask for TLS in this protocol first', protocols);
}

/** An option that takes one of some words, which its help lists. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  const [name = ''] = flags.split(' ');
  const option = new Option(flags, description).choices(choices);
  return option.argParser((value: string) => oneOf(name, value, choices));
}

/** Parses values with commas between. */
export function list(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}

/** A parser of words with commas between, each once. */
export function words(option: string, known: readonly string[]): (value: string) => string[] {
  return (value) => [...new Set(list(value))].map((word) => oneOf(option, word, known));
}

/** A parser of whole numbers within bounds. */
export function whole(
  option: string,
  { least, most, what }: { readonly least: number; readonly most: number; readonly what: string },
): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/u.test(value) && number >= least && number <= most) return number;
    throw invalidOption(option, value, `${what} from ${least} to ${most}`);
  };
}

/** A parser of text that is not empty, and that fits a pattern where there is one. */
export function text(option: string, expected: string, pattern = /./su): (value: string) => string {
  return (value) => {
    if (pattern.test(value)) return value;
    throw invalidOption(option, value, expected);
  };
}

function oneOf(option: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  const expected = `one of ${known.join(', ')}${didYouMean(value, known)}`;
  throw invalidOption(option, value, expected);
}

const tiers = ['core', 'control', 'extended', 'varies', 'app'];
