import { certificate, certificatePem, chain, der } from './certificates.ts';
import { engine } from './engine.ts';
import { forwarded } from './forwarded.ts';
import { identity, identityKey, pkcs12, serializedPki } from './identities.ts';
import { message, rewritten, sealed } from './messages.ts';
import { records } from './records.ts';
import { ocspRequest, ocspResponse, revocationRequest } from './revocation.ts';
import { keyLog, starttls } from './text.ts';

/** What is given hostile input. A target returns for every input; what it throws is a finding. */
export type FuzzTarget = (input: Uint8Array) => void | Promise<void>;

/** Every target by its name, which its folder in the corpus has too. */
export const targets = {
  certificate,
  certificatePem,
  chain,
  der,
  engine,
  forwarded,
  identity,
  identityKey,
  keyLog,
  message,
  ocspRequest,
  ocspResponse,
  pkcs12,
  records,
  revocationRequest,
  rewritten,
  sealed,
  serializedPki,
  starttls,
} as const satisfies Readonly<Record<string, FuzzTarget>>;
