#!/usr/bin/env node
import { runCommandLine } from './command-line.ts';
import { endWithOutput } from './output/output-end.ts';
import { reportFailure } from './output/report-failure.ts';

endWithOutput();
process.on('uncaughtException', (error) => {
  process.exit(reportFailure(error));
});
process.exitCode = await runCommandLine(process.argv.slice(2));
