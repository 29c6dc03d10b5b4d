import net from 'node:net';
import { requireJudgingRuntime } from '../../errors/index.ts';
import { warnOfExposure } from '../../net/exposure-warning.ts';
import { listen } from '../../net/listen.ts';
import { reactionTo } from './bare-reaction.ts';
import { type FaultServer, faultServerOn } from './fault-server.ts';
import { type FaultServerOptions, parseFaultServer, type RealServerOptions } from './fault-server-options.ts';
import { realServerReaction, requireUsableServer } from './real-server.ts';
import { needsEngine, needsRealServer, type ServerFault } from './server-fault.ts';
import type { ServerReaction } from './server-reaction.ts';

/**
 * Starts a TCP server on loopback that misbehaves towards every TLS client in one way, for testing clients. Close it, or hold it with
 * `await using`. Throws `OPTION_INVALID`, or `PORT_IN_USE` for a port that was asked for.
 */
export async function startFaultServer(fault: ServerFault, options: FaultServerOptions = {}): Promise<FaultServer> {
  requireJudgingRuntime('start a fault server');
  const { timeout, host, exposed, port, ...parsed } = parseFaultServer(fault, options);
  const reaction = await reactionOf(fault, parsed);
  // Half open, so that the fault decides when the stream ends, not the client's own end.
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  await listen(server, { host, port });
  warnOfExposure(server.address(), { exposed, toOthers: 'every client that connects gets its fault' });
  return faultServerOn(server, { fault, reaction, timeout });
}

/** The engine is loaded where a fault is shown by it. */
async function reactionOf(fault: ServerFault, options: RealServerOptions): Promise<ServerReaction> {
  if (needsRealServer(fault)) return realServerReaction(fault, options);
  if (!needsEngine(fault)) return reactionTo(fault);
  requireUsableServer(options);
  if (fault.kind === 'edited-flight') {
    const { editedFlightReaction } = await import('../flights/server/edited-flight-reaction.ts');
    return editedFlightReaction(fault, options);
  }
  const { corruptedMessageReaction } = await import('../flights/server/corrupted-message-reaction.ts');
  return corruptedMessageReaction(fault, options);
}
