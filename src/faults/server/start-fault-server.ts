import net from 'node:net';
import { MtlsFixturesError, requireJudgingRuntime } from '../../errors/index.ts';
import { warnOfExposure } from '../../net/exposure-warning.ts';
import { FaultServer } from './fault-server.ts';
import { type FaultServerOptions, parseFaultServer } from './fault-server-options.ts';
import { genuineReaction } from './genuine-server.ts';
import { isGenuine, type ServerFault } from './server-fault.ts';
import { reactionTo } from './server-reaction.ts';

/**
 * Starts a TCP server on loopback that misbehaves towards every TLS client in one way, for testing clients. Close it, or hold it with
 * `await using`. Throws `OPTION_INVALID`, or `PORT_IN_USE` for a port that was asked for.
 */
export async function startFaultServer(fault: ServerFault, options: FaultServerOptions = {}): Promise<FaultServer> {
  requireJudgingRuntime('start a fault server');
  const { timeout, host, exposed, port, ...parsed } = parseFaultServer(fault, options);
  const reaction = isGenuine(fault) ? genuineReaction(fault, parsed) : reactionTo(fault);
  // Half open, so that the fault decides when the stream ends, not the client's own end.
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  await listen(server, host, port);
  warnOfExposure(server.address(), { exposed, toOthers: 'everybody who connects meets its fault' });
  return new FaultServer(server, { fault, reaction, timeout });
}

function listen(server: net.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new MtlsFixturesError('PORT_IN_USE', { host, ports: String(port) }, { cause })
          : new MtlsFixturesError(
              'OPTION_INVALID',
              { option: 'host', value: host, expected: `an address of this machine that may be bound (${cause.code ?? cause.message})` },
              { cause },
            ),
      );
    });
    server.listen(port, host, resolve);
  });
}
