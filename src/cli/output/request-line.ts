import { printable, printableJson } from '../../errors/printable.ts';
import type { GatewayRequest } from '../../forwarded/gateway/gateway.ts';
import { paint } from './terminal.ts';

/** One request of a gateway in a line: the status, what was asked, which client was named in which headers, and why it failed. */
export function requestLine({ method, path, protocol, status, certificate, headers, error }: GatewayRequest): string {
  const names = [...new Set(headers.map(([name]) => name))].join(', ');
  const client = certificate ? `"${printable(certificate.subject.text)}"` : 'no certificate';
  const line = `${status ?? 'no answer'}: ${method} ${printable(path)} ${protocol}; ${client}${names === '' ? '' : ` in ${names}`}`;
  return `${paint(status !== undefined && status < 400 ? 'green' : 'red', line)}${error ? `; ${printable(error.message)} (${error.code})` : ''}`;
}

/** The same as a line of JSON. */
export function requestJson({ method, path, protocol, status, certificate, headers, error }: GatewayRequest): string {
  const client = certificate?.subject.text;
  return printableJson(JSON.stringify({ method, path, protocol, status, client, headers, error: error?.code }));
}
