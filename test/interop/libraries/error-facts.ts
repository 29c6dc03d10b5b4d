/** What can be read in an error, and in those underneath it. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  /** nodemailer's: the code that it put its own over. */
  readonly originalCode?: string;
  readonly cause?: ErrorFacts;
}

/** Reads them, with OpenSSL's line grpc-js's moment and elastic's addresses in short: they hold addresses, source lines and the time. */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) throw new TypeError(`not an error: ${String(error)}`);
  const { code, originalCode } = error as { readonly code?: string | number; readonly originalCode?: string }; // the errors here have these or none
  return {
    name: error.name,
    message: shorten(error.message),
    ...(code !== undefined && { code }),
    ...(originalCode !== undefined && { originalCode }),
    ...(error.cause !== undefined && { cause: errorFacts(error.cause) }),
  };
}

function shorten(message: string): string {
  return message
    .replaceAll(/[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):[^:]*:\d+:(SSL alert number \d+)\n/gu, 'openssl: $1, $2')
    .replaceAll(/Local: \S+:\d+, Remote: \S+:\d+/gu, 'Local: <address>, Remote: <address>')
    .replaceAll(/\(\d{4}-\d\d-\d\dT[\d:.]+Z\)/gu, '(<time>)');
}
