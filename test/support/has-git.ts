import { spawnSync } from 'node:child_process';

/** Whether tests of what git sees can run; in CI a missing one fails. */
export const hasGit: boolean = process.env['CI'] !== undefined || spawnSync('git', ['--version']).status === 0;
