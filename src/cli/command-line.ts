import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { registerDemo } from './commands/demo.ts';
import { registerInspect } from './commands/inspect.ts';
import { registerPki } from './commands/pki.ts';
import { registerProbe } from './commands/probe.ts';
import { registerScenarios } from './commands/scenarios.ts';
import { registerRelay } from './commands/relay.ts';
import { registerServe } from './commands/serve.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { requireNode } from './node-version.ts';
import { foldWords } from './output/lines.ts';
import { reportFailure } from './output/report-failure.ts';
import { describeOption, helpWidth, usageError } from './usage.ts';

/** Runs the command `mtls-fixtures` with these arguments and resolves to its exit code. Each command's code is loaded when it is run. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code: ExitCode = exitCodes.asExpected;
  try {
    requireNode(process.versions.node);
    const program = commandLine((result) => {
      code = result;
    });
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.asExpected : exitCodes.misuse;
    return reportFailure(error);
  }
}

function commandLine(end: (code: ExitCode) => void): Command {
  const program = new Command('mtls-fixtures')
    .description('Test fixtures for mutual TLS: certificates, observed servers, and a verdict for every handshake.')
    .version(ownVersion(), '--version')
    .configureHelp({ optionDescription: describeOption, minWidthToWrap: 12 })
    // Errors of the usage are reported as all others are.
    .configureOutput({ getOutHelpWidth: helpWidth, getErrHelpWidth: helpWidth, outputError: () => {} })
    .showSuggestionAfterError(false)
    .addHelpText('after', () => `\n${exitCodeHelp.map((line) => foldWords(line, helpWidth(), { indent: 5 })).join('\n')}`);

  for (const register of commands) register(program, end);
  for (const command of [program, ...program.commands])
    command.exitOverride((error) => {
      throw usageError(error, command) ?? error;
    });
  return program;
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)('mtls-fixtures/package.json') as { version: string }; // ours
  return version;
}

/** In the order of the help. */
const commands = [registerDemo, registerPki, registerServe, registerRelay, registerInspect, registerProbe, registerScenarios];

const exitCodeHelp = [
  'Exit codes:',
  '  0  everything came out as expected',
  '  1  a verdict was not the expected one',
  '  2  wrong usage, or a file that cannot be read or written or is in the way',
  '  3  nothing could be judged: no server listens, or the valid client was rejected too',
];
