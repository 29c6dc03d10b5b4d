/** What the command's exit codes mean; `--help` prints them. */
export const exitCodes = {
  /** Everything came out as expected. */
  asExpected: 0,
  /** A verdict was not the expected one. */
  unexpected: 1,
  /** Wrong usage: unknown commands and options, files that cannot be read or written or are in the way. */
  misuse: 2,
  /** Nothing could be judged: no server listens, or the valid client was rejected too. */
  notJudged: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
