import { legitimateClient } from '../authorization.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf, type CallEnd, callPlainly, type PlainClientOptions, type ServerAddress } from './plain-client.ts';
import { type Played, settledPlay } from '../../assess/observation.ts';
import type { RequestTrial } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-client-scenario.ts';
import { asExpected, describeOutcome, unexpected, unsuitable } from '../../records/scenario-result.ts';

/** Sends a request right after the handshake, after the valid client's was answered, and looks whether it is served. */
export async function playRequest(trial: RequestTrial, server: ObservedServer | Endpoint, settings: RunSettings): Promise<Played> {
  const { pki, version, timeout } = settings;
  const address = addressOf(server);
  const usual = { trust: pki.anchors, version, timeout };
  const control = await request(address, address.servername, { ...usual, identity: legitimateClient(pki, settings.authorizes) });
  if (control.kind !== 'came' || !isServed(control.value))
    return settledPlay(unsuitable(`it answers no request of the valid client, so a refusal would not show: ${describeEnd(control)}`));
  if (trial.host !== undefined && statusOf(control.value) === undefined)
    return settledPlay(unsuitable('it does not speak HTTP/1.1, so there is no host to ask for'));

  const end = await request(address, trial.host ?? address.servername, { ...usual, identity: trial.identity });
  const isAccepted = end.kind === 'came' && isServed(end.value);
  const words = describeEnd(end);
  return {
    ...(end.handshake && { handshake: end.handshake }),
    weigh: (expected) =>
      (expected.verdict === 'accepted') === isAccepted
        ? asExpected(`the request was ${isAccepted ? 'served' : 'not served'}, as expected: ${words}`)
        : unexpected(`expected ${describeOutcome(expected)}, but the request was ${isAccepted ? 'served' : 'not served'}: ${words}`),
  };
}

/** The first line of what a server answers to `GET /` right after the handshake; an echo is an answer too. */
export function request(address: ServerAddress, host: string, options: PlainClientOptions): Promise<CallEnd<string>> {
  return callPlainly<string>(address, options, (socket, came) => {
    socket.once('secureConnect', () => {
      // In one write with the client's Finished where the engine can: what a server does before it has judged is what is looked for.
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      came(chunk.toString('latin1').split('\r\n', 1)[0] ?? '');
    });
  });
}

/** Whether an answer means that the client was let in: an HTTP status below 400, or a protocol that is not HTTP. */
export function isServed(firstLine: string): boolean {
  const status = statusOf(firstLine);
  return status === undefined || status < 400;
}

function statusOf(firstLine: string): number | undefined {
  const digits = /^HTTP\/\d\S* (\d{3})/u.exec(firstLine)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** For messages. */
export function describeEnd(end: CallEnd<string>): string {
  if (end.kind === 'came') return `answered "${end.value}"`;
  return end.kind === 'ended' ? `no answer, ${end.words}` : 'no answer within the bound';
}
