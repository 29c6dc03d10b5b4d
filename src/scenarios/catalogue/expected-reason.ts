import type { Reason } from '../../handshake/verdict/reasons/reason.ts';

/** A reason that a scenario expects: one with a next step of its own, or another name of OpenSSL's errors in the handshake (SSL_R_*). */
export type ExpectedReason = Reason | 'BAD_RECORD_TYPE' | 'DATA_LENGTH_TOO_LONG' | 'TOO_MANY_WARN_ALERTS';
