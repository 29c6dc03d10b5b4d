import type http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { forwardedHeaders, type Gateway, type GatewayOptions, startGateway } from '../../../src/forwarded/index.ts';
import { createPki } from '../../../src/pki/pki.ts';
import type { Identity } from '../../../src/pki/identity.ts';
import { linesOf, mirror, type Received } from './application.ts';

/** The PKI of these tests, and two of its clients. */
export const pki = createPki();
export const alice = pki.client('alice');
export const bob = pki.client('bob');

/** A gateway before an application that answers with what it received. */
export function start(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  return startGateway({ pki, upstream: mirror, format: 'rfc9440', ...options });
}

/** Sends one request on a connection of its own, and reads what the application received. */
export async function ask(
  gateway: Gateway,
  identity?: Identity,
  options: https.RequestOptions & { readonly body?: string } = {},
): Promise<{ readonly status: number | undefined; readonly received: Received }> {
  const request = https.request({ ...gateway.clientOptions(identity), agent: false, ...options });
  request.end(options.body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode, received: JSON.parse(await text(response)) as Received };
}

/** The lines that name the client to the application. */
export function named(received: Received): Record<string, string[]> {
  return { 'Client-Cert': linesOf(received, 'client-cert'), 'Client-Cert-Chain': linesOf(received, 'client-cert-chain') };
}

/** The same, as they must be for a client. */
export function expectedOf(identity: Identity): Record<string, string[]> {
  return Object.fromEntries(Object.entries(forwardedHeaders(identity, 'rfc9440')).map(([name, value]) => [name, [value]]));
}
