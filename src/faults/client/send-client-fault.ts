import { requireJudgingRuntime } from '../../errors/index.ts';
import { type ClientFault, needsRealClient } from './client-fault.ts';
import { type ClientFaultOptions, type FaultTarget, parseClientFault } from './client-fault-options.ts';
import type { ClientFaultOutcome } from './client-fault-outcome.ts';
import { connectWatched } from './connect-watched.ts';
import { runRealClient } from './real-client.ts';
import { sendRawFault } from './raw-client-fault.ts';

/**
 * Misbehaves towards a server in one way, for testing servers, and reports what the server did with it: a value, never an exception.
 * The connection is gone when it returns. Throws `CONNECT_FAILED` or `HOST_NOT_FOUND` where nothing listens.
 */
export async function sendClientFault(
  target: FaultTarget,
  fault: ClientFault,
  options: ClientFaultOptions = {},
): Promise<ClientFaultOutcome> {
  requireJudgingRuntime('send a fault');
  const parsed = parseClientFault(target, fault, options);
  if (fault.kind === 'edited-flight') {
    const { sendFlight } = await import('../flights/client/send-flight.ts'); // with the engine for tests, which nothing else needs
    return sendFlight(fault.flight, parsed, { isEdited: true });
  }
  if (fault.kind === 'wrong-finished' || fault.kind === 'wrong-certificate-verify') {
    const { sendCorruptedMessage } = await import('../flights/client/corrupted-messages.ts');
    return sendCorruptedMessage(fault, parsed);
  }
  const { socket, watch } = await connectWatched(parsed);
  if (needsRealClient(fault)) await runRealClient(socket, fault, parsed, watch);
  else sendRawFault(socket, fault, parsed, watch);
  await watch.ended;
  return watch.outcome();
}
