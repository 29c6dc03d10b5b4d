import { invalidOption } from '../../errors/index.ts';
import { isBytes } from '../../options/bytes.ts';
import { requireMilliseconds, requirePki, requireText } from '../../options/checks.ts';
import { functionOf, oneOf, type OptionSchema } from '../../options/schema.ts';
import type { FilesLayout } from '../../pki/files/file-layout.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Selection } from '../../scenarios/catalogue/select-scenarios.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { AttemptFunction } from '../../scenarios/run/target.ts';
import { bothVersions, selectionChecks } from './suite-options.ts';

/** Options of `describeReloadUnderTest`. */
export interface ReloadSuiteOptions extends Omit<Selection, 'authorizes'> {
  /** Issues the server's certificates and its clients'. Default: the run's PKI, or a new one. */
  readonly pki?: Pki;
  /** The version of TLS with which clients connect; default TLS 1.3. */
  readonly version?: TlsVersion;
  /** Milliseconds for each attempt; default 5,000. */
  readonly timeout?: number;
  /** Where the files are; default a new folder below the system's temporary one. One suite at a time can have it (`FILE_EXISTS`). */
  readonly directory?: string;
  /** `files` (default), or `kubernetes`: links through `..data`, as a Secret is mounted. */
  readonly layout?: FilesLayout;
  /** Uses the service with a client library, where the service refuses clients later than in the handshake. */
  readonly attempt?: AttemptFunction;
  /** Bytes that begin a session, and are answered; sent once on each open connection, before `exchange`: PostgreSQL's StartupMessage, EHLO of SMTP. Default: none. */
  readonly login?: string | Uint8Array;
  /** Bytes that the server answers on an open connection; default an HTTP/1.1 request. */
  readonly exchange?: string | Uint8Array;
}

/** The same, for checking them. */
export const reloadSuiteSchema: OptionSchema = {
  what: 'suite option',
  own: {
    ...selectionChecks,
    pki: requirePki,
    version: oneOf(bothVersions),
    timeout: requireMilliseconds,
    directory: requireText,
    layout: oneOf(['files', 'kubernetes']),
    attempt: functionOf('(tls) => Promise'),
    login: requireExchange,
    exchange: requireExchange,
  },
  reserved: {
    versions: 'version; one is enough, since the files are the same for both',
    within: 'within beside start and reload',
  },
};

function requireExchange(option: string, value: unknown): void {
  if (isBytes(value) ? value.length > 1 : typeof value === 'string' && value.length > 1) return;
  throw invalidOption(option, value, 'text or a Uint8Array of two bytes at least, that the server answers');
}
