import http from 'node:http';
import type { ForwardedFormat, HeaderNames } from '../../src/forwarded/format.ts';
import { parseForwardedHeaders } from '../../src/forwarded/parse-forwarded-headers.ts';

/** An application behind a proxy that ends TLS, which lets in the client of this name, or where none is given every request. */
export function applicationBehind(format: ForwardedFormat, authorizes: string | undefined, names: HeaderNames = {}): http.Server {
  return http.createServer((request, response) => {
    request.resume(); // Node answers what is not whole by itself
    request.on('end', () => response.writeHead(authorizes === undefined ? 200 : statusFor(request, authorizes)).end());
  });

  function statusFor(request: http.IncomingMessage, name: string): number {
    try {
      const { certificate, verified } = parseForwardedHeaders(request.rawHeaders, format, { names });
      return certificate?.commonName === name && verified === true ? 200 : 401;
    } catch {
      return 400; // it is not what the proxy sends
    }
  }
}
