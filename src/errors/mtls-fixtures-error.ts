import { printableLines } from './printable.ts';
import type { ErrorFacts } from './error-facts.ts';
import { sentence } from './sentences.ts';

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
    const told = withoutKeys(facts);
    // Names of peers are quoted, and container logs; they may hold what moves the cursor of a terminal. The facts stay as they are.
    super(printableLines(sentence(code, told).replaceAll('\t', ' ')), holdsKey(Object(options?.cause).message) ? undefined : options);
    this.code = code;
    this.facts = told;
  }
}

/** A private key that came where something else belongs is not repeated: messages end up in logs and reports. */
function withoutKeys<Facts extends object>(facts: Facts): Facts {
  if (!Object.values(facts).some(holdsKey)) return facts;
  const entries = Object.entries(facts).map(([name, fact]: [string, unknown]) => [
    name,
    Array.isArray(fact) ? fact.map(withoutKey) : withoutKey(fact),
  ]);
  return Object.fromEntries(entries) as Facts; // the same names, and texts for texts
}

function withoutKey(fact: unknown): unknown {
  return typeof fact === 'string' ? fact.replaceAll(privateKey, '(a private key)') : fact;
}

function holdsKey(value: unknown): boolean {
  return String(value).includes('PRIVATE KEY-----');
}

/** PEM, also in JSON or cut off; not its first line alone, which says what was given. */
const privateKey =
  /-----BEGIN [A-Z\d ]*PRIVATE KEY-----(?:\s*[\w-]+: [^\n\\]*(?:\\n|\n)){0,4}[A-Za-z\d+/=\s\\]{16,}(?:-----END [A-Z\d ]*PRIVATE KEY-----)?/gu;
