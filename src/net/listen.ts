import type { Server } from 'node:net';
import { invalidOption, MtlsFixturesError, textOf } from '../errors/index.ts';

/** Listens on a port, on the first free one of a list (found by get-port), or on any free one for 0. Throws `PORT_IN_USE`. */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number | Iterable<number> },
): Promise<void> {
  if (typeof port === 'number') {
    requirePort(port);
    await listenOn(server, host, port);
    return;
  }
  if (typeof port === 'string' || typeof Object(port)[Symbol.iterator] !== 'function') throw invalidPort(textOf(port));
  const candidates = new Set(port);
  if (candidates.size === 0) throw invalidPort('an empty list');
  for (const candidate of candidates) requirePort(candidate, 1);
  await listenOnFirstFree(server, host, candidates);
}

/** Another process may take a port between the search and the call: then the search goes on without it. */
async function listenOnFirstFree(server: Server, host: string, candidates: ReadonlySet<number>): Promise<void> {
  const { default: getPort } = await import('get-port');
  const left = new Set(candidates);
  while (left.size > 0) {
    const found = await getPort({ port: left, host });
    if (!left.delete(found)) break; // get-port offers a random port when none of the list is free
    try {
      await listenOn(server, host, found);
      return;
    } catch (error) {
      if (!(error instanceof MtlsFixturesError) || error.code !== 'PORT_IN_USE') throw error;
    }
  }
  throw new MtlsFixturesError('PORT_IN_USE', { host, ports: [...candidates].join(', ') });
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (cause.code === 'EADDRINUSE') reject(new MtlsFixturesError('PORT_IN_USE', { host, ports: textOf(port) }, { cause }));
      else reject(invalidOption('host', host, `an address of this machine that may be bound (${cause.code ?? cause.message})`, { cause }));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, host);
  });
}

function requirePort(port: unknown, lowest = 0): void {
  if (!Number.isInteger(port) || (port as number) < lowest || (port as number) > 65_535) throw invalidPort(textOf(port)); // isInteger has made sure that it is a number
}

function invalidPort(value: string): MtlsFixturesError {
  return invalidOption('port', value, 'an integer from 0 (any free port) to 65535, or a list of ports from 1');
}
