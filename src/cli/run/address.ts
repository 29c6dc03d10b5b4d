import { invalidOption } from '../../errors/index.ts';

/** Host and port of `host:port`, `[::1]:port`, or of a URL, https as `serve` prints it. */
export function parseAddress(text: string, scheme: 'https' | 'http' = 'https'): { readonly host: string; readonly port: number } {
  const { bracketed, plain, port } = pattern.exec(ofUrl(text, scheme))?.groups ?? {};
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw invalidOption('address', text, 'host:port, [::1]:port for IPv6');
  return { host, port: Number(port) };
}

/** Whether a text is meant as an address, not as a file. */
export function looksLikeAddress(text: string): boolean {
  return /^https:\/\//iu.test(text) || /^[^/\\]*:\d+$/u.test(text);
}

/** `host:port` of a URL; any other text as it is. */
function ofUrl(text: string, scheme: 'https' | 'http'): string {
  const { of, authority, port } = /^(?<of>https?):\/\/(?<authority>[^/?#@]+?)(?<port>:\d+)?(?:[/?#].*)?$/iu.exec(text)?.groups ?? {};
  if (of?.toLowerCase() !== scheme || authority === undefined) return text;
  return `${authority}${port ?? (scheme === 'https' ? ':443' : ':80')}`;
}

const pattern = /^(?:\[(?<bracketed>[\da-f:.]+)\]|(?<plain>[^:[\]/]+)):(?<port>\d{1,5})$/iu;
