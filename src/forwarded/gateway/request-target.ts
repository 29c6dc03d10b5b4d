import type { ClientRequest } from './client-request.ts';

/** A request for a whole URL, as a client sends it to a forward proxy, as one for a path: the URL's authority takes the place of `Host` (RFC 9112 3.2.2). */
export function originForm(request: ClientRequest): void {
  const { url } = request;
  if (url === undefined || url.startsWith('/')) return;
  const { authority, path = '' } = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?(?<authority>[^/?#]+)(?<path>[^#]*)/iu.exec(url)?.groups ?? {};
  if (authority === undefined) return;
  request.url = path.startsWith('/') ? path : `/${path}`;
  request.headers.host = authority;
}
