import { MtlsFixturesError } from '../../errors/index.ts';

/** Host and port of `host:port`, `[::1]:port`. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const { bracketed, plain, port } = /^(?:\[(?<bracketed>[\da-f:.]+)\]|(?<plain>[^:[\]/]+)):(?<port>\d{1,5})$/iu.exec(text)?.groups ?? {};
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new MtlsFixturesError('OPTION_INVALID', { option: 'address', value: text, expected: 'host:port, [::1]:port for IPv6' });
  return { host, port: Number(port) };
}

/** Whether a text is meant as an address, not as a file. */
export function looksLikeAddress(text: string): boolean {
  return /^[^/\\]+:\d{1,5}$/u.test(text);
}
