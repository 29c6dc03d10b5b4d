import { startRelay } from '../../relay/start-relay.ts';
import { isIpAddress, isLoopback, urlHost } from '../../net/addresses.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { complain } from '../output/report-failure.ts';
import { print } from '../output/terminal.ts';
import { parseAddress } from './address.ts';
import { printHandshakes, type PrintedHandshakes } from './print-handshakes.ts';

/** Options of `mtls-fixtures relay`. */
export interface RelayCommand extends PrintedHandshakes {
  readonly to: string;
  readonly listen?: number;
  readonly host: string;
  readonly exposed?: true;
  readonly keyLog?: string;
  readonly starttls?: string | true;
}

/** Relays, and prints each handshake, until interrupted or until there were `count`; at the end what there is no verdict about. */
export async function relay(options: RelayCommand): Promise<ExitCode> {
  const { to, listen, host, exposed, keyLog, starttls, json } = options;
  const target = parseAddress(to);
  const relaying = await startRelay({
    to: target,
    host,
    exposed: true, // the warning of the command names its own option
    ...(listen !== undefined && { port: listen }),
    ...(keyLog !== undefined && { keyLogFile: keyLog }),
    ...(starttls !== undefined && { starttls }),
  });
  // Node 22 does not know `using`.
  try {
    if (exposed !== true && isIpAddress(host) && !isLoopback(host)) warnOfExposure(host, to);
    const place = { host: relaying.host, port: relaying.port };
    print(json ? JSON.stringify(place) : `listening on ${urlHost(place.host)}:${place.port} in front of ${to}`);
    await printHandshakes(relaying, options);
    for (const { message } of relaying.problems) complain(message);
  } finally {
    await relaying.close();
  }
  return exitCodes.asExpected;
}

function warnOfExposure(host: string, to: string): void {
  complain(
    `Warning: "${host}" is reached from other machines, and every one of them reaches ${to} through it; leave --host out to stay on 127.0.0.1, or add --exposed where that is intended (MTLS_FIXTURES_NOT_LOOPBACK)`,
  );
}
