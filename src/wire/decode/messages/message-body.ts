import type { ByteCursor } from '../../byte-cursor.ts';
import type { InflationBudget } from './inflate-certificate.ts';

/** The body of a handshake message, and what has to be known to read it. */
export interface MessageBody {
  readonly cursor: ByteCursor;
  /** Of the ServerHello, e.g. `TLSv1.3`; undefined before it. */
  readonly version: string | undefined;
  /** Of the ServerHello; undefined before it. */
  readonly cipherSuite: string | undefined;
  /** What compressed messages may still take. */
  readonly inflation: InflationBudget;
  /** Where readers put what is odd. */
  readonly notes: string[];
}
