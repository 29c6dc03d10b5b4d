import type { ForwardedFormat } from '../../forwarded/format.ts';
import type { Gateway } from '../../forwarded/gateway/gateway.ts';
import { parseGateway } from '../../forwarded/gateway/gateway-options.ts';
import type { ServerOptions } from '../../handshake/server/server-options.ts';
import type { PrintedRequests } from './printed-requests.ts';

/** Starts the gateway of `serve --forward`, whose requests are printed. */
export async function startPrintingGateway(
  { format = 'rfc9440', ...options }: ServerOptions & { readonly upstream: string; readonly format: string | undefined },
  requests: PrintedRequests,
): Promise<Gateway> {
  const parsed = parseGateway({ ...options, format: format as ForwardedFormat }); // where it is not one of them, the sentence of the error names them
  const { openGateway } = await import('../../forwarded/gateway/open-gateway.ts'); // as everywhere: imported both ways it would be two files
  return openGateway(parsed, (request) => requests.print(request));
}
