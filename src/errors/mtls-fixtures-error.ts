import { sentence, type ErrorFacts } from './sentences.ts';

/** The stable codes of {@link MtlsFixturesError}. */
export type ErrorCode = keyof ErrorFacts;

/**
 * Misuse of this library or broken infrastructure; a refused handshake is never an error.
 * `code` is stable, `facts` holds the values that the message quotes, `cause` the error underneath.
 */
export class MtlsFixturesError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'MtlsFixturesError';
  readonly code: C;
  readonly facts: ErrorFacts[C];

  constructor(code: C, facts: ErrorFacts[C], options?: ErrorOptions) {
    super(sentence(code, facts), options);
    this.code = code;
    this.facts = facts;
  }
}
