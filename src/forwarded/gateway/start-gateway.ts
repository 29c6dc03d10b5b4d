import type { Gateway } from './gateway.ts';
import { type GatewayOptions, parseGateway } from './gateway-options.ts';

/**
 * Starts a mutual-TLS gateway on loopback in front of an HTTP application, which learns of the client from the headers of `format`. HTTP/1.1, HTTP/2 and WebSocket over HTTP/1.1;
 * bodies are streamed. By default nothing that a client sends under a name of such a header reaches the application. Where the upstream fails the client gets 502, where a handler
 * throws 500, and `gateway.requests` has the error. Throws `OPTION_INVALID` and `PORT_IN_USE`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const parsed = parseGateway(options);
  const { openGateway } = await import('./open-gateway.ts');
  return openGateway(parsed);
}
