import { legitimateClient } from '../../catalogue/authorization.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import { addressOf, type CallEnd, callPlainly, type PlainClientOptions, type ServerAddress } from './plain-client.ts';
import { nothingSeen, type Observation } from '../../assess/observation.ts';
import type { RequestTrial } from '../../catalogue/protocol-scenario.ts';
import type { RunSettings } from '../run-settings.ts';
import { unsuitable } from '../../records/scenario-result.ts';

/** Sends a request right after the handshake, after the valid client's was answered, and checks whether it is served. */
export async function runRequest(trial: RequestTrial, server: ObservedServer | Endpoint, settings: RunSettings): Promise<Observation> {
  const { pki, version, timeout } = settings;
  const address = addressOf(server);
  const usual = { trust: pki.anchors, version, timeout };
  const control = await request(address, address.servername, { ...usual, identity: legitimateClient(pki, settings.authorizes) });
  if (control.kind !== 'came' || !isServed(control.value))
    return nothingSeen(unsuitable(`it answers no request of the valid client, so a refusal would not show: ${describeEnd(control)}`));
  if (trial.host !== undefined && statusOf(control.value) === undefined)
    return nothingSeen(unsuitable('it does not speak HTTP/1.1, so there is no host to ask for'));

  const end = await request(address, trial.host ?? address.servername, { ...usual, identity: trial.identity });
  return {
    kind: 'http-request',
    ...(end.handshake && { handshake: end.handshake }),
    isServed: end.kind === 'came' && isServed(end.value),
    detail: describeEnd(end),
  };
}

/** The first line of what a server answers to `GET /` right after the handshake; an echo is an answer too. */
export function request(address: ServerAddress, host: string, options: PlainClientOptions): Promise<CallEnd<string>> {
  return callPlainly<string>(address, options, (socket, came) => {
    socket.once('secureConnect', () => {
      // In one write with the client's Finished where the engine can: what a server does before it has judged is what is tested.
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      came(chunk.toString('latin1').split('\r\n', 1)[0] ?? '');
    });
  });
}

/** Whether an answer means that the client was accepted: an HTTP status below 400, or a protocol that is not HTTP. */
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
  return end.kind === 'ended' ? `no answer, ${end.words}` : 'no answer within the time limit';
}
